import { parentPort, workerData } from 'node:worker_threads';
import { FleetError } from '../domain/errors.js';
import { realFiles } from './files.js';
import { jobsHere, type StoreJob } from './store-job.js';
import type { JobOutcome } from './store-worker.js';

/** The thread that store-worker.ts starts: does one job and ends. */
async function work(): Promise<JobOutcome> {
  try {
    return { result: await jobsHere(realFiles)(workerData as StoreJob) };
  } catch (error) {
    const { code, suggestions } = error instanceof FleetError ? error : { code: undefined, suggestions: [] };
    return {
      failure: { code, message: error instanceof Error ? error.message : String(error), suggestions },
    };
  }
}

parentPort?.postMessage(await work());
