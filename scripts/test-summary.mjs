// What the reports in coverage/ say together: the slowest files, and in the last line how many tests passed and failed.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const files = readdirSync('coverage').filter((file) => file.endsWith('.json'));
const reports = files.map((file) => ({ file, ...JSON.parse(readFileSync(join('coverage', file), 'utf8')) }));

const durations = reports.flatMap(({ file, testResults }) =>
  testResults.map(({ name, startTime, endTime }) => ({
    seconds: (endTime - startTime) / 1_000,
    name: `${relative('.', name)} (${file.replace('.json', '')})`,
  })),
);
console.log('\nThe slowest files:');
for (const { seconds, name } of durations.sort((one, other) => other.seconds - one.seconds).slice(0, 5)) {
  console.log(`${seconds.toFixed(1).padStart(7)} s  ${name}`);
}

const sum = (name) => reports.reduce((total, report) => total + report[name], 0);
console.log(`${sum('numPassedTests')} passed, ${sum('numFailedTests')} failed`);
