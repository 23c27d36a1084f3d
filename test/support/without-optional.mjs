/** Preloaded into a program: the optional packages are as if they were not installed. */
import { register } from 'node:module';

const hooks = `
  export async function resolve(specifier, context, next) {
    if (!/^(@opentelemetry\\/|bullmq-otel|web-tree-sitter|jsonc-parser)/.test(specifier)) return next(specifier, context);
    throw Object.assign(new Error('not installed'), { code: 'ERR_MODULE_NOT_FOUND' });
  }`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
