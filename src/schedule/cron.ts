// A line for crontab that needs nothing of cron but the time: no PATH, no variables, no mail, no time zone.

import { type Job, keysFile, keysSteps, type Schedule, timeWords } from './job.ts'
import { shellWord } from './shell-words.ts'

export const cron = {
  title: 'a line for crontab',
  files: (job) => [{ name: `${job.name}.crontab`, text: crontab(job) }],
  steps: (job) => [...keysSteps(job), `(crontab -l 2>/dev/null; cat ${job.name}.crontab) | crontab -`, logStep(job)],
  stepsOfPrinted: (job) => [
    ...keysSteps(job),
    'See with crontab -l that the line stands in your crontab once: where it is not there yet, crontab -e takes it',
    logStep(job),
  ],
} satisfies Schedule

function crontab(job: Job): string {
  const { at, timeZone } = job
  const zone =
    timeZone === null
      ? [`# Every night at ${timeWords(job)}, by the machine's clock.`]
      : [
          `# Every night at ${timeWords(job)} in ${timeZone}. CRON_TZ is heeded by cronie alone, and Debian's cron and busybox pass over it: so the`,
          '# line asks four times an hour (time zones lie quarters of an hour apart) whether it is time, which is right in every cron.',
          ...(at.hour > 0 && at.hour < 4
            ? [
                '# Once a year clocks skip that hour, and once they have it twice: the next night has what was missed, and none is asked twice.',
              ]
            : []),
        ]
  return [
    ...zone,
    '# Paths are whole, because cron knows no PATH of yours; a % would end the command, and is written \\%. Print this anew after an',
    '# update of Node. A night ends in 0 GO, 1 NO-GO, 2 INCONCLUSIVE, 3 INVALID or 4 nothing new; from 64 on it could not judge.',
    `${minutes(job)} ${escaped([...timeCheck(job), command(job)].join(' && '))}`,
    '',
  ].join('\n')
}

function logStep(job: Job): string {
  return `Read ${shellWord(logOf(job))} in the morning: cron itself says nothing`
}

function minutes({ at, timeZone }: Job): string {
  if (timeZone === null) return `${at.minute} ${at.hour} * * *`
  const first = at.minute % 15
  return `${[0, 15, 30, 45].map((quarter) => first + quarter).join(',')} * * * *`
}

function timeCheck(job: Job): string[] {
  if (job.timeZone === null) return []
  return [`[ "$(TZ=${shellWord(job.timeZone)} date +%H:%M)" = ${timeWords(job)} ]`]
}

function command(job: Job): string {
  const [node, script] = job.program.map(shellWord)
  const env = job.variables.length > 0 ? ` --env-file=${keysFile}` : ''
  const [room = job.folder] = job.writes
  return `cd ${shellWord(job.folder)} && mkdir -p ${shellWord(room)} && ${node}${env} ${script} run --config ${shellWord(job.config)} >> ${shellWord(logOf(job))} 2>&1`
}

function logOf({ writes, folder, name }: Job): string {
  return `${writes[0] ?? folder}/${name}.log`
}

/** To cron an unescaped % is the end of the command, and what follows its input. */
function escaped(line: string): string {
  return line.replaceAll('%', '\\%')
}
