/** The codes by which the marketplace says what is wrong with single records. Pure. */

/** They name a record that it has already, under this number or for this span: that is what was wanted. */
const HAD: ReadonlySet<string> = new Set(['005', '010']);

const MEANINGS: Readonly<Record<string, string>> = {
  '001': 'the instance does not exist',
  '002': 'a time is not as it should be',
  '003': 'the value is abnormal',
  '004': 'it has no metering_sn',
  '005': 'this metering_sn was reported before',
  '006': 'the product is withdrawn',
  '007': 'the usage is too old',
  '009': 'the instance is of another seller',
  '010': 'this span was reported before',
  '011': 'the times are in no possible order',
  '012': 'the instance is not pay-per-use',
  '013': 'the instance is in an abnormal state: reconcile it, then report again',
  'MKT.9001': 'the instance does not exist',
  'MKT.9004': 'the usage began more than 21 days ago',
  'MKT.0150': 'the instance is of another seller',
};

export const isHad = (code: string): boolean => HAD.has(code);

/** What a code means, for people; undefined if no page says it. */
export const meaningOf = (code: string): string | undefined => MEANINGS[code];
