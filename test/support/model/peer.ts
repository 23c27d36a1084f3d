/** The peer of the model: it remembers every submit that arrived, which no process of ours can know for sure. */

export interface Arrival {
  place: string;
  custSpaceId: string;
  fingerprint: string;
  seq: number;
  generation: number;
  /** Nobody needs to wonder about it any more: it is written down, a person decided, or a later answer said it all. */
  isResolved: boolean;
}

export class Peer {
  generation = 1;
  /** Accepted submits in the order in which they arrived. */
  readonly accepted: Arrival[] = [];

  accept(arrival: Omit<Arrival, 'isResolved'>): void {
    this.accepted.push({ ...arrival, isResolved: false });
  }

  /** Submits of a row that were accepted. */
  of(place: string): Arrival[] {
    return this.accepted.filter((arrival) => arrival.place === place);
  }

  resolve(place: string, seqMax = Number.POSITIVE_INFINITY): void {
    for (const arrival of this.of(place)) if (arrival.seq <= seqMax) arrival.isResolved = true;
  }
}
