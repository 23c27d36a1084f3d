/** Where traces go. */
import { z } from 'zod';

/** Address of a collector that takes OTLP over HTTP; `/v1/traces` is added. Unset means that nothing is traced. */
export const tracesEndpointSchema = z
  .url({ protocol: /^https?$/, error: 'must be a URL like http://localhost:4318', abort: true })
  .refine((text) => new URL(text).search === '', { error: 'must have no query' });
