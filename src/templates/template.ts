import type { ConfigPlan } from './config-plan.ts';

/** How one format is written. */
export interface Template {
  /** What a file of it is usually called, relative to the project. */
  readonly filename: string;
  /** The whole file, ended by a line break. */
  render(plan: ConfigPlan): string;
}

/** How every file says where it comes from. */
export const heading = 'Ports of the Wharfinger registry';
