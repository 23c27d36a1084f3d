/** The columns of a file: what people call those of our fields, and where each field is. Pure. */
import { shown } from '../source/quoted.ts';
import { INPUT_FIELDS, type InputField } from './fields.ts';

/** Most columns that a file may have, extra ones included. */
export const COLUMNS_MAX = 200;

/** The header as it is in the file, and where each field is (0-based). */
export interface Columns {
  names: string[];
  indexOf: Record<InputField, number>;
}

/**
 * What spreadsheets call each field, besides the API's own name; compared by `keyOf`. A name that may as well mean
 * something else (`Name`, `ID`, `Region`) is left to `--map`.
 */
export const COLUMN_NAMES: Record<InputField, readonly string[]> = {
  CustSpaceId: [
    ...['Space ID', 'Customer space ID', 'Customer ID', 'Client ID', 'Channel ID', 'Instance ID'],
    ...['客户空间ID', '客户SpaceID', '空间ID', '客户ID', '客户编号', '客户编码', '通道ID', '实例ID'],
    ...['客戶空間ID', '空間ID', '客戶ID', '客戶編號'],
  ],
  CustName: [
    ...['Customer name', 'Customer', 'Client name', 'Client', 'Company name', 'Company', 'Name of company'],
    ...['Enterprise name', 'Enterprise', 'Business name', 'Legal name', 'Organization', 'Organisation'],
    ...[
      '企业名称',
      '企业全称',
      '企业名',
      '企业',
      '公司名称',
      '公司全称',
      '公司名',
      '公司',
      '单位名称',
      '名称',
    ],
    ...['客户名称', '客户全称', '客户名', '客户'],
    ...['企業名稱', '公司名稱', '公司全稱', '客戶名稱', '客戶', '名稱'],
  ],
  OfficeAddress: [
    ...[
      'Address',
      'Company address',
      'Business address',
      'Registered address',
      'Street address',
      'Postal address',
    ],
    ...[
      '地址',
      '公司地址',
      '企业地址',
      '办公地址',
      '联系地址',
      '注册地址',
      '通讯地址',
      '详细地址',
      '单位地址',
    ],
    ...['企業地址', '辦公地址', '聯絡地址', '註冊地址', '通訊地址', '詳細地址'],
  ],
  ContactMail: [
    ...[
      'Email',
      'Mail',
      'Email address',
      'Mail address',
      'Contact email',
      'Contact email address',
      'Company email',
    ],
    ...['邮箱', '邮箱地址', '联系邮箱', '联系人邮箱', '企业邮箱', '公司邮箱', '邮件', '邮件地址'],
    ...['电子邮件', '电子邮箱', '电子邮件地址', '联系邮件', '联系电子邮件'],
    ...['電子郵件', '電子郵箱', '電子信箱', '電郵', '電郵地址', '郵箱', '聯絡郵箱', '聯絡電郵'],
  ],
  CountryId: [
    ...[
      'Country',
      'Country code',
      'Country or region',
      'Country region',
      'Country region code',
      'ISO country code',
    ],
    ...[
      '国家',
      '国家/地区',
      '国家或地区',
      '国家代码',
      '国家码',
      '国家/地区代码',
      '国别',
      '所在国家',
      '所属国家',
    ],
    ...['國家', '國家/地區', '國家或地區', '國家代碼', '國家/地區代碼', '國別', '所在國家'],
  ],
  BusinessDesc: [
    ...['Business description', 'Description of business', 'Description', 'Business', 'Business scope'],
    ...['Nature of business', 'Use case'],
    ...['业务描述', '业务说明', '业务简介', '业务介绍', '业务内容', '业务', '主营业务', '经营范围', '描述'],
    ...['業務描述', '業務說明', '業務簡介', '業務內容', '業務', '主營業務', '經營範圍'],
  ],
  IsvTerms: [
    ...['Agreement', 'Agreement file', 'Agreement file name', 'Signed agreement', 'Terms', 'ISV agreement'],
    ...[
      'Contract',
      'Contract file',
      'Contract file name',
      'Signed contract',
      'PDF',
      'PDF file',
      'File name',
      'File',
    ],
    ...[
      '协议',
      '协议文件',
      '协议文件名',
      '协议名称',
      '签署协议',
      '已签协议',
      '合同',
      '合同文件',
      '合同文件名',
    ],
    ...['附件', '文件', '文件名', '文件名称'],
    ...[
      '協議',
      '協議文件',
      '協議檔案',
      '合約',
      '合約文件',
      '合約檔案',
      '合同檔案',
      '檔案',
      '檔名',
      '檔案名稱',
    ],
  ],
};

/** `Cust Space ID`, `cust_space_id` and `*CustSpaceId:` are the same name; so are `国家/地区` and `国家 地区`. */
export function keyOf(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');
}

/** A column for people: its name and its position, counted from 1. */
export function describeColumn(columns: Columns, field: InputField): string {
  const index = columns.indexOf[field];
  return `${shown(columns.names[index] ?? '')} (column ${index + 1})`;
}

/** The seven raw values of a row. */
export function pickFields(columns: Columns, values: readonly string[]): Record<InputField, string> {
  const picked = INPUT_FIELDS.map((field) => [field, values[columns.indexOf[field]] ?? '']);
  return Object.fromEntries(picked) as Record<InputField, string>;
}
