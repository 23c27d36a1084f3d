/** Everything that the form says to buyers. They know their order, and nothing of us. */
import { language } from '../chosen-language.ts';
import { words } from '../text/words.ts';

const en = {
  title: 'Complete your order',
  intro:
    'Your order is placed. To set up your service, the seller needs a few details of your company, and the signed agreement.',
  order: 'Order',
  buyer: 'Buyer',
  theme: { label: 'Appearance', system: 'As the system', light: 'Light', dark: 'Dark' },
  label: words.en.column,
  hint: {
    CustSpaceId: 'The ID of your Chat App space: letters, digits, “-” and “_”.',
    CustName: 'The full legal name, as in the agreement.',
    OfficeAddress: 'Street, city and postal code.',
    ContactMail: 'One address that somebody reads.',
    CountryId: 'Where the company is registered.',
    BusinessDesc: 'What you use the service for, in a sentence or two.',
    IsvTerms: 'One PDF of at most 2 MB.',
  } as Record<string, string>,
  choose: '— please choose —',
  drop: 'Drop the signed agreement here',
  chooseFile: 'Choose a file',
  remove: (name: string) => `Remove ${name}`,
  submit: 'Submit',
  submitting: (share: string) => `Sending… ${share}`,
  tryingAgain: 'No answer yet. Sending again…',
  notSent:
    'It could not be sent. Nothing that you typed is lost: submit it again. Doing so twice is harmless.',
  correct: (count: number) => (count === 1 ? 'Please correct one field:' : `Please correct ${count} fields:`),
  refusedBefore: 'What was submitted before could not be registered. Please correct it, and submit again.',
  privacy:
    'What you enter goes to the seller, who registers your company with it at Chat App of Alibaba Cloud.',
  loading: 'Just a moment…',
  away: 'The page cannot be reached at the moment. It tries again by itself.',
  again: 'Try again',
  continue: (host: string) => `Continue to ${host}`,
  states: {
    preparing: ['Your order is being prepared', 'This takes a moment. The page goes on by itself.'],
    paused: [
      'Your order is suspended',
      'Once it is active again at the marketplace, this page lets you go on.',
    ],
    received: [
      'Received, thank you',
      'Your company is being registered. The page goes on by itself when that is done; you may also close it and come back later through the same link.',
    ],
    registered: ['Your registration is submitted', 'The page of the seller shows how it goes on.'],
    failed: [
      'The seller is looking into it',
      'Your details were received, but could not be registered. You need not do anything now.',
    ],
    ended: ['This order has ended', 'Nothing is needed any more.'],
    unknown: [
      'This link leads nowhere',
      'Open it exactly as the marketplace shows it, with everything after “#”.',
    ],
  },
  closed: 'This form was submitted already, perhaps in another window.',
  problem: {
    REQUIRED: 'Please fill this in.',
    TOO_LONG: 'This is too long.',
    ID_INVALID: 'Only letters, digits, “-” and “_” are possible.',
    EMAIL_INVALID: 'This is not an e-mail address.',
    COUNTRY_UNKNOWN: 'Please choose a country.',
    CONTROL_CHARACTER: 'It contains an invisible character. Please type it instead of pasting it.',
    CHARACTER_LOST: 'It contains a character that was lost. Please type it again.',
    REQUEST_TOO_LARGE: 'All of it together is too long. Please shorten the description or the address.',
    AGREEMENT_EMPTY: 'The file is empty.',
    AGREEMENT_TOO_LARGE: 'The file is larger than 2 MB.',
    AGREEMENT_NOT_PDF: 'The file is not a PDF.',
    AGREEMENT_MISSING: 'Please choose the file again.',
    AGREEMENT_LOST: 'Please choose the file again.',
    AGREEMENT_OUTSIDE: 'The name of the file cannot be used. Please rename it.',
    CUSTOMER_BUSY: 'This company is being registered with other details. Please try again later.',
  } as Record<string, string>,
  otherProblem: (code: string) => `This was not accepted (${code}).`,
};

const zh: typeof en = {
  title: '完善订单信息',
  intro: '您的订单已提交。为开通服务，卖家还需要贵公司的一些信息以及已签署的协议。',
  order: '订单',
  buyer: '买家',
  theme: { label: '外观', system: '跟随系统', light: '浅色', dark: '深色' },
  label: words.zh.column,
  hint: {
    CustSpaceId: '您的 Chat App 空间 ID，只能包含字母、数字、“-”和“_”。',
    CustName: '与协议一致的企业全称。',
    OfficeAddress: '街道、城市和邮政编码。',
    ContactMail: '一个有人查收的邮箱地址。',
    CountryId: '企业注册所在的国家或地区。',
    BusinessDesc: '用一两句话说明使用本服务的用途。',
    IsvTerms: '一个 PDF 文件，不超过 2 MB。',
  },
  choose: '— 请选择 —',
  drop: '将已签署的协议拖放到此处',
  chooseFile: '选择文件',
  remove: (name) => `移除 ${name}`,
  submit: '提交',
  submitting: (share) => `正在发送… ${share}`,
  tryingAgain: '尚未收到答复，正在重新发送…',
  notSent: '发送失败。您填写的内容没有丢失，请再次提交；重复提交不会有任何影响。',
  correct: (count) => `请更正以下 ${count} 项：`,
  refusedBefore: '之前提交的信息未能完成注册，请更正后重新提交。',
  privacy: '您填写的信息将提供给卖家，卖家将用其在阿里云 Chat App 为贵公司办理注册。',
  loading: '请稍候…',
  away: '目前无法访问此页面，系统会自动重试。',
  again: '重试',
  continue: (host) => `前往 ${host}`,
  states: {
    preparing: ['正在准备您的订单', '请稍候，页面会自动继续。'],
    paused: ['您的订单已被暂停', '订单在云市场恢复后，即可在此页面继续。'],
    received: [
      '已收到，谢谢',
      '正在为贵公司办理注册，完成后页面会自动跳转；您也可以关闭页面，稍后通过同一链接查看。',
    ],
    registered: ['注册申请已提交', '后续进展请查看卖家的页面。'],
    failed: ['卖家正在处理', '您的信息已收到，但未能完成注册。您目前无需进行任何操作。'],
    ended: ['该订单已结束', '无需再提供任何信息。'],
    unknown: ['链接无效', '请按云市场所示完整打开链接，包括“#”之后的全部内容。'],
  },
  closed: '此表单已提交，可能是在另一个窗口中提交的。',
  problem: {
    REQUIRED: '请填写此项。',
    TOO_LONG: '内容过长。',
    ID_INVALID: '只能包含字母、数字、“-”和“_”。',
    EMAIL_INVALID: '不是有效的邮箱地址。',
    COUNTRY_UNKNOWN: '请选择国家或地区。',
    CONTROL_CHARACTER: '包含不可见字符，请手动输入而不要粘贴。',
    CHARACTER_LOST: '包含已丢失的字符，请重新输入。',
    REQUEST_TOO_LARGE: '内容总长度过长，请缩短业务描述或地址。',
    AGREEMENT_EMPTY: '文件为空。',
    AGREEMENT_TOO_LARGE: '文件超过 2 MB。',
    AGREEMENT_NOT_PDF: '该文件不是 PDF。',
    AGREEMENT_MISSING: '请重新选择文件。',
    AGREEMENT_LOST: '请重新选择文件。',
    AGREEMENT_OUTSIDE: '无法使用该文件名，请重命名文件。',
    CUSTOMER_BUSY: '该企业正在以其他信息办理注册，请稍后再试。',
  },
  otherProblem: (code) => `未被接受（${code}）。`,
};

const TEXTS = { en, zh };

/** The texts; whoever reads them is shown anew in another language. */
export const t = (): typeof en => TEXTS[language.value];

export const problemText = (code: string): string => t().problem[code] ?? t().otherProblem(code);
