/** The operations of an OpenAPI document. */
export interface Media {
  // biome-ignore lint/suspicious/noExplicitAny: a schema may be anything.
  schema: any;
  example?: unknown;
  examples?: Record<string, { value: unknown }>;
}
interface Body {
  content?: Record<string, Media>;
}
export interface Parameter {
  name: string;
  in: 'query' | 'path' | 'header';
  required?: boolean;
  schema: Record<string, unknown>;
}
export interface Operation {
  operationId?: string;
  summary?: string;
  tags?: string[];
  parameters?: Parameter[];
  requestBody?: Body;
  responses: Record<string, Body>;
}
export interface Document {
  paths: Record<string, Record<string, Operation>>;
  // biome-ignore lint/suspicious/noExplicitAny: a schema may be anything.
  components: { schemas: Record<string, any> };
}

export function operationsOf({ paths }: Document) {
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      ...{ path, operation, method: method.toUpperCase() },
      name: `${method.toUpperCase()} ${path}`,
    })),
  );
}
