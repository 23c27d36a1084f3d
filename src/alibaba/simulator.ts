/** How a simulator names itself, so that nothing it accepts is taken for a registration with Alibaba Cloud. */
import { AppError } from '../errors.ts';
import { boundName } from './peer-text.ts';

/** A header of every answer of a simulator, with the id of its instance. */
export const SIMULATOR_HEADER = 'x-onboard-simulator';

/** Begins the host that a refusal of a simulated OSS names; the instance follows. */
export const SIMULATOR_HOST = `${SIMULATOR_HEADER}:`;

/** The instance of the simulator that answered; absent if none says so. */
export function simulatorOf(headers: Readonly<Record<string, unknown>>): string | undefined {
  const instance = headers[SIMULATOR_HEADER];
  return typeof instance === 'string' && instance !== '' ? boundName(instance) : undefined;
}

export function simulatedAnswer(operation: string, instance: string): AppError {
  const message = `${operation}: the answer came from a simulator (${instance}), but this account registers for real.`;
  return new AppError('PEER_IS_SIMULATOR', message);
}
