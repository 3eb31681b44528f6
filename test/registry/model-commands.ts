import type { Environment, Owner } from './model.ts';

export interface Wish {
  readonly service: string;
  readonly preferred: number | null;
  readonly exact: number | null;
  readonly description?: string | null;
}

interface Call {
  readonly host: string;
  readonly owner: Owner;
  readonly force: boolean;
}
export interface Allocate extends Call {
  readonly verb: 'allocate';
  readonly environment: Environment;
  readonly wishes: readonly Wish[];
}
export interface Release extends Call {
  readonly verb: 'release';
  readonly port: number;
}
export interface Register extends Call {
  readonly verb: 'register';
  readonly port: number;
  readonly service: string;
  readonly environment: Environment;
  readonly description: string | null;
  readonly hostnames: readonly string[] | null;
}
export interface Transfer extends Call {
  readonly verb: 'transfer';
  readonly ports: readonly number[];
  readonly to: Owner;
}
export interface Checkout {
  readonly verb: 'checkout';
  readonly host: string;
  readonly path: string;
  readonly branch: string | null;
  readonly codebase: string | null;
  readonly conversation: string | null;
  readonly environment: Environment;
  readonly wishes: readonly Wish[] | null;
}
export interface Remove extends Call {
  readonly verb: 'remove';
  readonly path: string;
}
export interface Codebase {
  readonly verb: 'codebase';
  readonly id: string | undefined;
  readonly name: string;
  readonly url: string | null | undefined;
  readonly directory: string | null | undefined;
  readonly ports:
    | { readonly primary: number | null; readonly services: Readonly<Record<string, number>> }
    | null
    | undefined;
}
export type Command = Allocate | Release | Register | Transfer | Checkout | Remove | Codebase;

/** What a call answers, as far as callers can rely on it. */
export type Answer =
  | { readonly refused: string; readonly port?: number; readonly reasons?: string[]; readonly instead?: number[] }
  | { readonly granted: { readonly port: number; readonly created: boolean }[] }
  | { readonly ports: number[]; readonly created?: boolean };
