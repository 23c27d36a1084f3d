/** `ListInstance`: a page of what this account has. Fields and names of the parameters are those of the published SDKs. */

export interface SimulatedInstance {
  InstanceId: string;
  CustSpaceId?: string;
  ChannelType?: string;
  State?: string;
  IsvTerms?: string;
  ContactMail?: string;
}

type SimulatedInstances = Map<string, SimulatedInstance>;

const PAGE_SIZE_DEFAULT = 10;
/** More are not given, however many are asked for. */
const PAGE_SIZE_MAX = 100;

export function listInstances(
  instances: SimulatedInstances,
  { PageIndex = '1', PageSize = String(PAGE_SIZE_DEFAULT) }: Partial<Record<string, string>>,
): { Data: SimulatedInstance[]; TotalCount: number } {
  const size = Math.min(Number(PageSize), PAGE_SIZE_MAX);
  const from = (Number(PageIndex) - 1) * size;
  return { Data: [...instances.values()].slice(from, from + size), TotalCount: instances.size };
}

/** An accepted customer is listed, with the terms that it sent last. No document says that the real peer does this. */
export function listAccepted(instances: SimulatedInstances, custSpaceId: string, isvTerms: string): void {
  const id = `i-${custSpaceId}`;
  instances.set(id, {
    InstanceId: id,
    CustSpaceId: custSpaceId,
    ChannelType: 'whatsapp',
    State: 'published',
    IsvTerms: isvTerms,
  });
}
