/** `Idempotency-Key` in the document of the API: every POST takes it. Pure. */
const KEY_HEADER = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'Repeated under its key within 24 hours, a request is done once and answered the same, with `Idempotent-Replayed: true`.',
  schema: { type: 'string', minLength: 1, maxLength: 200, pattern: '^[!-~]+$' },
};
const REFUSALS = {
  409: 'The same request is under way, or was until its server died less than 10 seconds ago; see `Retry-After`.',
  422: 'This key came with another body before.',
};

interface Operation {
  parameters?: unknown[];
  responses: Record<string, { description: string } | undefined>;
}

/** Changes the document. */
export function tellKeys<Document extends object>(document: Document): Document {
  const { paths } = document as unknown as { paths: Record<string, { post?: Operation }> };
  for (const { post } of Object.values(paths)) {
    if (post === undefined) continue;
    post.parameters = [...(post.parameters ?? []), KEY_HEADER];
    for (const [status, description] of Object.entries(REFUSALS)) {
      const problem = post.responses['400'];
      if (problem !== undefined) post.responses[status] ??= { ...problem, description };
    }
  }
  return document;
}
