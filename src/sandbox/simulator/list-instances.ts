/** `ListInstance`: a page of what this account has. Fields and names of the parameters are those of the published SDKs. */

export interface SimulatedInstance {
  InstanceId: string;
  CustSpaceId?: string;
  ChannelType?: string;
  State?: string;
  IsvTerms?: string;
  ContactMail?: string;
}

/** What `ListInstance` lists, and what no document says of how it does. */
export class SimulatedList {
  /** In this order; by `InstanceId`. */
  readonly instances = new Map<string, SimulatedInstance>();
  /** More are not given, however many are asked for. */
  pageSizeMax = 100;
  tellsTotal = true;
  /** Whether a page behind the last one is the last one again, instead of empty. */
  repeatsLast = false;

  page({ PageIndex = '1', PageSize = '10' }: Partial<Record<string, string>>): {
    Data: SimulatedInstance[];
    TotalCount?: number;
  } {
    const all = [...this.instances.values()];
    const size = Math.min(Number(PageSize), this.pageSizeMax);
    const pages = Math.ceil(all.length / size);
    const page = this.repeatsLast ? Math.min(Number(PageIndex), pages) : Number(PageIndex);
    const data = all.slice((page - 1) * size, page * size);
    return { Data: data, ...(this.tellsTotal && { TotalCount: all.length }) };
  }

  /** An accepted customer is listed, with the terms that it sent last. No document says that the real peer does this. */
  accept(custSpaceId: string, isvTerms: string): void {
    const id = `i-${custSpaceId}`;
    const facts = { InstanceId: id, CustSpaceId: custSpaceId, ChannelType: 'whatsapp', State: 'published' };
    this.instances.set(id, { ...facts, IsvTerms: isvTerms });
  }
}
