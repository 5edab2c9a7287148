// A workflow for GitHub Actions whose store goes from night to night in the cache.

import { type Job, type Schedule, timeWords } from './job.ts'
import { shellWord } from './shell-words.ts'

export const github = {
  title: 'a workflow for GitHub Actions',
  files: (job) => [{ name: `${job.name}.yml`, text: workflow(job) }],
  steps: (job) => [
    `mkdir -p ${shellWord(`${job.repository}/.github/workflows`)} && cp ${job.name}.yml ${shellWord(`${job.repository}/.github/workflows/`)}`,
    ...job.variables.map((name) => `gh secret set ${name}`),
    'Fill in the step "Bring the logs", and whose action it is in place of OWNER; then push to the default branch',
    `gh workflow run ${job.name}.yml    # one night now`,
  ],
} satisfies Schedule

function workflow(job: Job): string {
  const { name, at, timeZone, variables, version, config } = job
  const paths = inRepository(job)
  return `# A night of shadowgate. GitHub starts it a little late when many ask at the full hour, from the default branch alone, and stops a
# schedule after 60 days without a push.
name: ${name}
on:
  schedule:
    - cron: "${at.minute} ${at.hour} * * *"${timeZone === null ? '        # UTC' : `\n      timezone: ${timeZone}`}
  workflow_dispatch:
permissions:
  contents: read
concurrency:
  group: ${name}            # the store has one writer
  cancel-in-progress: false
jobs:
  night:                           # ${timeWords(job)}
    runs-on: ubuntu-latest
    timeout-minutes: 350
    steps:
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0
        with:
          persist-credentials: false

      - name: Bring the logs
        # What \`logs\` in ${config} names has to be here now; nothing to do where the logs are in the repository.
        run: echo "nothing is fetched"     # aws s3 sync s3://my-bucket/llm-logs logs

      # Last night's store: what was asked is not asked again. A cache that is lost costs a night of everything, and no more.
      - uses: actions/cache/restore@0057852bfaa89a56745cba8c7296529d2fc39830 # v4.3.0
        with:
          path: |
${paths.map((each) => `            ${each}`).join('\n')}
          key: ${name}-\${{ github.run_id }}-\${{ github.run_attempt }}
          restore-keys: ${name}-

      # A verdict is a result: the summary shows it, and the job is red only where the night could not judge (status 64 and above).
      # fail-on: no-go makes it red after NO-GO and INVALID too.
      - id: gate
        uses: OWNER/shadowgate/.github/actions/gate@v${version}
        with:
          version: ${version}
${job.folder === job.repository ? '' : `          working-directory: ${JSON.stringify(within(job.folder, job))}\n`}          config: ${JSON.stringify(config)}
          comment: "false"
          fail-on: never
          retention-days: "30"${
            variables.length === 0
              ? ''
              : `\n        env:\n${variables.map((variable) => `          ${variable}: \${{ secrets.${variable} }}`).join('\n')}`
          }

      - uses: actions/cache/save@0057852bfaa89a56745cba8c7296529d2fc39830 # v4.3.0
        if: \${{ always() }}
        with:
          path: |
${paths.map((each) => `            ${each}`).join('\n')}
          key: ${name}-\${{ github.run_id }}-\${{ github.run_attempt }}
`
}

/** What outlives the runner. */
function inRepository(job: Job): readonly string[] {
  return job.writes.map((each) => within(each, job))
}

function within(path: string, { repository }: Job): string {
  return path.startsWith(`${repository}/`) ? path.slice(repository.length + 1) : path
}
