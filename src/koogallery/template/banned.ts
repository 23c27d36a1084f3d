/** What RFS does not take: https://support.huaweicloud.com/intl/en-us/tr-aos/rf_05_0028.html */

export const BANNED_RESOURCES: ReadonlySet<string> = new Set([
  'huaweicloud_vod_watermark_template',
  'huaweicloud_compute_keypair',
  'huaweicloud_identity_access_key',
  'huaweicloud_images_image_v2',
  'huaweicloud_kps_keypair',
  'huaweicloud_obs_bucket_object',
  'huaweicloud_iotda_batchtask',
  'huaweicloud_cce_chart',
  'huaweicloud_iotda_batchtask_file',
  'huaweicloud_cse_microservice',
]);

/** Whole services that only the Chinese page bans. */
export const DOUBTFUL_RESOURCES =
  /^huaweicloud_(cdm|iec|meeting|vod|ges|ucs|cloudtable|bcs|dis|sdrs|codearts_deploy|asm|cph)_/;

export const BANNED_FUNCTIONS: ReadonlySet<string> = new Set([
  'abspath',
  'basename',
  'dirname',
  'file',
  'filebase64',
  'filebase64sha256',
  'filebase64sha512',
  'fileexists',
  'fileset',
  'filemd5',
  'filesha1',
  'filesha256',
  'filesha512',
  'pathexpand',
  'templatefile',
]);
