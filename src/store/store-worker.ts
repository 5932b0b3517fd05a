import { Worker } from 'node:worker_threads';
import { FleetError, isErrorCode } from '../domain/errors.js';
import type { JobResult, RunJob, StoreJob } from './store-job.js';

/** What the worker tells when it is done. */
export type JobOutcome =
  | { readonly result: unknown }
  | {
      readonly failure: {
        readonly code: string | undefined;
        readonly message: string;
        readonly suggestions: readonly string[];
      };
    };

/** Runs jobs each in a thread of its own, so that the event loop of this one goes on undisturbed. */
export const jobsInWorker: RunJob = <J extends StoreJob>(job: J) =>
  new Promise<JobResult<J>>((resolve, reject) => {
    const worker = new Worker(new URL('./store-worker-main.js', import.meta.url), { workerData: job });
    worker.once('message', (outcome: JobOutcome) => {
      if ('result' in outcome) resolve(outcome.result as JobResult<J>);
      else reject(toError(outcome.failure));
    });
    worker.once('error', reject);
    // After a message this changes nothing any more.
    worker.once('exit', (code) => reject(new Error(`the thread that did it ended with ${code}`)));
  });

function toError({ code, message, suggestions }: Extract<JobOutcome, { failure: object }>['failure']): Error {
  return isErrorCode(code) ? new FleetError(code, message, { suggestions }) : new Error(message);
}
