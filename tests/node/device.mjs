// What every device script shares: JSON lines in, JSON lines out, one command at a time.
import { createInterface } from 'node:readline';

// The clients talk on the console; stdout is for our answers.
console.log = console.info = console.debug = console.warn = console.error;

export async function obey(commands) {
  for await (const line of createInterface({ input: process.stdin })) {
    const { doe, ...velden } = JSON.parse(line);
    let answer;
    try {
      answer = { uit: (await commands[doe](velden)) ?? null };
    } catch (error) {
      answer = { fout: String(error?.stack ?? error) };
    }
    process.stdout.write(JSON.stringify(answer) + '\n');
  }
  process.exit(0); // the clients keep timers; the test closed our input, so it is done
}
