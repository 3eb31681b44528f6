import { Agent, request } from 'node:http';
import { answerOf, type Operation } from './operations.ts';
import { answerCalls } from './remote.ts';
import { closeSockets, measureBroadcasts, measureEvents, openRaw, openSubscribers } from './subscribers.ts';

interface AtOnce {
  readonly url: string;
  readonly operations: readonly Operation[];
  readonly clients: number;
  readonly keepAlive?: boolean;
}

/** The clients: a process of its own, so that they share no thread with the server or the reporter. */
const methods = {
  /** One request after the other over one connection: how long each took, in milliseconds. */
  async oneByOne({ url, operations }: { url: string; operations: readonly Operation[] }) {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const milliseconds: number[] = [];
    const answers: unknown[] = [];
    for (const operation of operations) {
      const body = JSON.stringify(operation);
      const started = performance.now();
      const answer = await post(agent, url, body); // one client, which waits for each answer
      milliseconds.push(performance.now() - started);
      answers.push(JSON.parse(answer));
    }
    agent.destroy();
    return { milliseconds, answers };
  },

  /**
   * So many clients at once, each over a connection of its own, or a new one for each operation, and each waiting
   * for its answers, which come in no order.
   */
  async atOnce({ url, operations, clients, keepAlive = true }: AtOnce) {
    const bodies = operations.map((operation) => JSON.stringify(operation));
    const texts: string[] = [];
    const client = async () => {
      const agent = new Agent({ keepAlive, maxSockets: 1 });
      for (let body = bodies.pop(); body !== undefined; body = bodies.pop()) texts.push(await post(agent, url, body));
      agent.destroy();
    };
    const started = performance.now();
    await Promise.all(Array.from({ length: clients }, client));
    const seconds = (performance.now() - started) / 1_000;
    return { seconds, answers: texts.map((text) => JSON.parse(text) as unknown) };
  },

  openSubscribers,
  openRaw,
  measureEvents: (options: { url: string; operations: readonly Operation[] }) =>
    measureEvents(async ({ query, variables }) => {
      answerOf(JSON.parse(await post(sharedAgent, options.url, JSON.stringify({ query, variables }))));
    }, options.operations),
  measureBroadcasts,
  closeSockets,
};

export type Load = typeof methods;

const sharedAgent = new Agent({ keepAlive: true });

function post(agent: Agent, url: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve(text));
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

answerCalls(methods, closeSockets);
