// The door of `shadowgate/stats`: estimates with one-sided limits, tests and plans, and what is made of them.

export { alarmAlpha, chanceOfAny, nothingPooled, type Pooled, pool, pooledMean } from './across-nights.ts'
export { benjaminiHochberg, holm } from './adjust.ts'
export { alphaSpent, defaultSpending, type Spending } from './alpha-spending.ts'
export { alwaysValidAlpha, asymptoticConfidenceSequence, asymptoticRho } from './always-valid.ts'
export { alwaysValidEvenSplit } from './always-valid-ratio.ts'
export { type Bets, bet, type EProcess, eProcess, noBets } from './betting.ts'
export { blindSegments, minimumDetectable, type SegmentPower, standardErrorOf } from './blind-segments.ts'
export { type Bootstrapped, bootstrap, bootstrapTotals } from './bootstrap.ts'
export type { Clusters, Flags, Numbers } from './check.ts'
export { clopperPearson } from './clopper-pearson.ts'
export { clusterFactor, designEffect, fewUnitsFactor } from './cluster-factors.ts'
export { cochranQ, type Heterogeneity } from './cochran-q.ts'
export { defaultLooks } from './default-looks.ts'
export { differenceOfEstimates, type Estimated, type EstimatesDiffer } from './difference-of-estimates.ts'
export {
  betaCdf,
  betaQuantile,
  binomialCdf,
  binomialPmf,
  chiSquareCdf,
  chiSquareTail,
  fTail,
  normalCdf,
  normalQuantile,
  tCdf,
  tQuantile,
} from './dist.ts'
export type { Estimator, Limits } from './estimator.ts'
export { energyExcess, plainExcess, symmetrisedExcess } from './excess-change.ts'
export { type Boundaries, groupSequential } from './group-sequential.ts'
export { hitRateDifference } from './hit-rate.ts'
export { independentMeansRatio, type UserTotals } from './independent-means.ts'
export { type GroupLatencies, independentQuantileRatios } from './independent-quantiles.ts'
export { type McNemar, mcnemar, mcnemarChiSquare } from './mcnemar.ts'
export { meanDifference } from './mean-difference.ts'
export { medianRatioPaired } from './median-ratio.ts'
export { type MorePairs, morePairs, type PairsNeeded } from './more-pairs.ts'
export { minimumPairs, orderStatisticRanks, type Ranks } from './order-statistic-ranks.ts'
export { pInferior, pNonInferior } from './p-value.ts'
export { pairedIndexBootstrap } from './paired-index-bootstrap.ts'
export {
  type PairCounts,
  type ProportionDifference,
  pairedProportions,
  pairedProportionsFromCounts,
} from './paired-proportions.ts'
export { type PostStratified, postStratified } from './post-stratified.ts'
export { quantileType7 } from './quantile.ts'
export { type LatencyPairs, type QuantileRatio, quantileRatio, quantileRatios } from './quantile-ratio.ts'
export {
  type QuantileRatioOverTime,
  quantileRatioOverTime,
  quantileRatiosOverTime,
} from './quantile-ratio-over-time.ts'
export { rareRateDifference } from './rare-rate-difference.ts'
export { rateDifference, type UserCounts } from './rate-difference.ts'
export { ratioOfMeans } from './ratio-of-means.ts'
export { type SampleRatio, sampleRatio } from './sample-ratio.ts'
export {
  type Errors,
  optimalReplicates,
  pairsForLogRatio,
  pairsForMcnemar,
  pairsForPairedBinary,
  pairsForZeroEvents,
  requestsForMean,
} from './sample-size.ts'
export { lognormalDensity, pairsForQuantileRatio, pilotDensity } from './sample-size-quantile.ts'
export {
  type Look,
  notLookedYet,
  type Outcome,
  outcomeOf,
  planLooks,
  takeLook,
  type Watch,
  type Watched,
} from './sequential-looks.ts'
export { type SignFlip, signFlip } from './sign-flip.ts'
export { type Stratum, stratifiedRateDifference } from './stratified-rate-difference.ts'
export { tango } from './tango.ts'
export { pOfGroups, type TimeDependence, timeBlocks, timeDependence } from './time-blocks.ts'
export { type TwoCounts, twoProportions } from './two-proportions.ts'
export { typicalRatio } from './typical-ratio.ts'
export { type Welch, welch } from './welch.ts'
export { type WilcoxonSignedRank, wilcoxonSignedRank } from './wilcoxon.ts'
export { wilson } from './wilson.ts'
