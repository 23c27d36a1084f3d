/** How the settings of a channel name what is known of a purchase, in the mapping to a customer of Chat App. Pure. */

const FACTS = ['instanceId', 'orderId', 'orderLineId', 'productId', 'skuCode'] as const;
export type PurchaseFact = (typeof FACTS)[number];

/** Where a value is found. */
export type PurchasePath =
  | { of: 'fact'; name: PurchaseFact }
  | { of: 'buyer'; name: string }
  /** What buyers were asked for, by its name, which may be any text. */
  | { of: 'extend'; name: string }
  /** Names of fields and indexes of lists, from the outside in. */
  | { of: 'order'; steps: string[] };

export const PATH_FORMS = `${FACTS.join(', ')}, buyer.NAME, order.PATH or extend.NAME`;

const PLACEHOLDER = /\{([^{}]*)\}/g;

/** @returns undefined if it is none */
export function parsePath(text: string): PurchasePath | undefined {
  const fact = FACTS.find((name) => name === text);
  if (fact !== undefined) return { of: 'fact', name: fact };
  const dot = text.indexOf('.');
  const [head, rest] = [text.slice(0, dot), text.slice(dot + 1)];
  if (dot < 0 || rest.trim() === '' || rest !== rest.trim()) return undefined;
  if (head === 'buyer' || head === 'extend') return { of: head, name: rest };
  const steps = rest.split('.');
  return head === 'order' && steps.every((step) => step !== '') ? { of: 'order', steps } : undefined;
}

/** The texts in the braces of a template. */
export function placeholdersOf(template: string): string[] {
  return [...template.matchAll(PLACEHOLDER)].map(([, path = '']) => path);
}

/** A template with each pair of braces replaced by what stands for it. */
export function fillTemplate(template: string, fill: (path: string) => string): string {
  return template.replaceAll(PLACEHOLDER, (_all, path: string) => fill(path));
}
