import { GraphQLError } from 'graphql';
import { isPort } from '../domain/port.ts';
import type { JsonObject } from '../domain/registry-model.ts';
import type { Builder } from './builder.ts';

const misfit = (message: string) => new GraphQLError(message, { extensions: { code: 'INVALID_INPUT' } });

export function addScalars(builder: Builder): void {
  builder.scalarType('DateTime', {
    description: 'A moment in UTC, as ISO 8601 with milliseconds: 2026-11-22T08:00:00.000Z.',
    serialize: (value) => value.toISOString(),
    parseValue: (value) => {
      const time = new Date(String(value));
      if (Number.isNaN(time.getTime())) throw misfit('A DateTime is an ISO 8601 string.');
      return time;
    },
  });
  builder.scalarType('Port', {
    description: 'A TCP/UDP port number, a whole number from 1 to 65535.',
    serialize: (value) => value,
    parseValue: (value) => {
      if (!isPort(value)) throw misfit('A Port is a whole number from 1 to 65535.');
      return value;
    },
  });
  builder.scalarType('EventCursor', {
    description:
      'A position in the event log. Opaque: keep the last one you have seen, and resume after it. Cursors of one registry are of no use in another.',
    serialize: (value) => String(value),
    parseValue: (value) => {
      if (typeof value !== 'string' || !/^\d{1,15}$/.test(value)) {
        throw misfit('An EventCursor is a string that this server gave with an event.');
      }
      return Number(value);
    },
  });
  builder.scalarType('JSONObject', {
    description: 'A JSON object, with whatever values.',
    serialize: (value) => value,
    parseValue: (value) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        throw misfit('A JSONObject is a JSON object.');
      }
      return value as JsonObject; // it came out of JSON, or of a literal of the same kinds
    },
  });
}
