import { defineScript } from '../redis/script.ts';

export const endAnswerScript = defineScript(new URL('./end-answer.lua', import.meta.url), {
  decode: () => undefined,
});
