/** The form of each type of receiver. */
import type { ReceiverType } from '../receivers.ts';
import { dingtalk } from './dingtalk.ts';
import { feishu } from './feishu.ts';
import type { Form } from './form.ts';
import { slack } from './slack.ts';
import { webhook } from './webhook.ts';
import { wecom } from './wecom.ts';

export const FORMS: Readonly<Record<ReceiverType, Form>> = { webhook, slack, dingtalk, feishu, wecom };
