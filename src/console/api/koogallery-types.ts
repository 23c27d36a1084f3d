/** What the API answers of channels of KooGallery. States that this console does not know yet are shown as they come. */

export interface UsageSummary {
  counts: Record<string, number>;
  deadlines: { deadline: string; at: string; records: number }[];
  trouble?: { code: string; message: string; since: string };
}

export interface Licenses {
  free: number;
  given: number;
  loaded: number;
}

export interface Channel {
  channel: string;
  generation: string;
  site: string;
  provision: string;
  instances: { total: number; byState: Record<string, number> };
  calls: { total: number; failed: number; unverified: number; tests: number };
  opening: number;
  oldestOpeningSeconds: number;
  oldestWaitingSeconds: number;
  due: number;
  oldestDueSeconds: number;
  refused: number;
  licenses?: Licenses;
  usage?: UsageSummary;
}

export interface Instance {
  channel: string;
  id: string;
  kind: string;
  state: string;
  createdAt: string;
  readyAt?: string;
  expireAt?: string;
  orderId?: string;
  orderLineId?: string;
  productId?: string;
  skuCode?: string;
  buyer?: Record<string, string>;
  refusal?: string;
  /** What its buyer has to tell: fields of a customer. */
  missing?: string[];
  /** Why what was told cannot be used; without a field, it is about all of it. */
  problems?: { field?: string; code: string }[];
  /** The row that it has become. */
  customer?: { account: string; batch: string; row: number };
  refused: number;
  version: number;
  settled: number;
}

export interface Task {
  version: number;
  type: string;
  state: string;
  at: string;
  attempts: number;
  triedAt?: string;
  nextAt?: string;
  endedAt?: string;
  reason?: string;
  retriedAt?: string;
  retriedBy?: string;
}

export type InstanceStory = Instance & { tasks: Task[] };

export interface Call {
  at: string;
  activity: string;
  code: string;
  isFailed: boolean;
  isTest: boolean;
  facts: Record<string, string>;
}

export interface Usage {
  id: string;
  state: string;
  meteringSn: string;
  instanceId: string;
  relatedPackage?: string;
  beginTime: string;
  endTime: string;
  value: string;
  attempts: number;
  lost: number;
  changedAt: string;
  code?: string;
  meaning?: string;
  decision?: string;
  decidedBy?: string;
  reason?: string;
  /** What a person may decide. */
  decisions: string[];
}

export interface Retried {
  retried: number[];
  superseded: number[];
  hastened: number[];
}
