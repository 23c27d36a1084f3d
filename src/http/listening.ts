/** Listening on an address, and why that is not possible, in words for people. */
import type { FastifyInstance } from 'fastify';
import { AppError } from '../errors.ts';

export interface Place {
  host: string;
  /** 0 means any free one. */
  port: number;
}

/** How a person chooses another host or port: the rest of a sentence such as "choose another with HTTP_PORT". */
export interface Choosing {
  host: string;
  port: string;
}

/** @returns `http://127.0.0.1:3000`. @throws AppError USAGE if that is not possible; the application is closed then */
export async function listenOn(app: FastifyInstance, place: Place, choosing: Choosing): Promise<string> {
  try {
    return await app.listen({ host: place.host, port: place.port });
  } catch (error) {
    await app.close();
    const problem = problemsOf(choosing)[(error as NodeJS.ErrnoException).code ?? ''];
    if (problem === undefined) throw error;
    const text = `Cannot listen on ${place.host}:${place.port}: ${problem}.`;
    throw new AppError('USAGE', text, { cause: error });
  }
}

function problemsOf({ host, port }: Choosing): Record<string, string> {
  return {
    EADDRINUSE: `the port is in use; choose another ${port}`,
    EACCES: `you may not use that port; choose one above 1023 ${port}`,
    EADDRNOTAVAIL: `this machine has no such address; correct it ${host}`,
    ENOTFOUND: `there is no such host; correct it ${host}`,
    EAI_AGAIN: `that host cannot be looked up; correct it ${host}`,
  };
}
