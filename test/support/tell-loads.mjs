/** Preloaded into a program: tells on standard error which modules of OpenTelemetry it loads. */
import { register } from 'node:module';

const hooks = `
  import { writeSync } from 'node:fs';
  export async function resolve(specifier, context, next) {
    if (/open-?telemetry|bullmq-otel/.test(specifier)) writeSync(2, 'loads ' + specifier + '\\n');
    return next(specifier, context);
  }`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
