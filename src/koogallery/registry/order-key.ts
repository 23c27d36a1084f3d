/**
 * What an instance is found by when its create call comes again.
 * @param part tells apart several instances of one order: its order line, or in V1.0 the product of a pay-per-use order
 */
export function orderKeyOf(orderId: string, part?: string): string {
  return part === undefined ? orderId : `${orderId} ${part}`;
}
