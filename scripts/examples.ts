/** Writes `examples/`: customers of several countries and scripts, each with an agreement. Invented, all of them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { stringify } from 'csv-stringify/sync';
import { INPUT_FIELDS } from '../src/customer/fields.ts';
import { makePdf } from '../test/support/pdf.ts';

/** Name, address, country, business, and the customer's own number at the ISV (an extra column). */
const CUSTOMERS: [string, string, string, string][] = [
  ['杭州青松网络科技有限公司', '浙江省杭州市西湖区文三路 90 号', 'CN', '订单通知与物流提醒'],
  ['上海海棠电子商务有限公司', '上海市浦东新区张江路 368 号 5 楼', 'CN', '营销活动与会员服务'],
  ['深圳市蓝鲸跨境贸易有限公司', '广东省深圳市南山区科技园南区 12 栋', 'CN', '售后客服'],
  ['香港晨曦物流有限公司', '九龍觀塘道 388 號 21 樓', 'HK', '貨件狀態通知'],
  ['台北茶舖股份有限公司', '台北市大安區忠孝東路四段 100 號', 'TW', '訂位與取餐通知'],
  ['株式会社あおぞら旅行', '東京都渋谷区神南 1-2-3', 'JP', '予約確認とリマインダー'],
  ['さくら薬局株式会社', '大阪市北区梅田 2-4-9', 'JP', 'お薬の受け取り通知'],
  ['한빛전자 주식회사', '서울특별시 강남구 테헤란로 152', 'KR', '배송 알림'],
  ['Merlion Eats Pte. Ltd.', '1 Raffles Place, #20-61', 'SG', 'Order updates, delivery tracking'],
  ['Straits Dental Group', '290 Orchard Road, #12-08', 'SG', 'Appointment reminders'],
  ['PT Nusantara Belanja', 'Jl. Jend. Sudirman Kav. 52-53, Jakarta', 'ID', 'Konfirmasi pesanan'],
  ['Kedai Kopi Utara Sdn. Bhd.', '12 Jalan Ampang, Kuala Lumpur', 'MY', 'Loyalty messages'],
  ['บริษัท ช้างเผือก จำกัด', '99 ถนนสุขุมวิท กรุงเทพฯ', 'TH', 'แจ้งเตือนการจัดส่ง'],
  ['Công ty TNHH Sen Vàng', '45 Lê Lợi, Quận 1, TP. Hồ Chí Minh', 'VN', 'Chăm sóc khách hàng'],
  ['Bayanihan Telehealth Inc.', '6750 Ayala Avenue, Makati', 'PH', 'Appointment reminders'],
  ['सूर्य रिटेल प्राइवेट लिमिटेड', '14 एमजी रोड, बेंगलुरु', 'IN', 'ऑर्डर अपडेट'],
  ['Chennai Auto Parts Pvt. Ltd.', '221 Anna Salai, Chennai', 'IN', 'Service reminders'],
  ['شركة النخيل للتجارة', 'شارع الشيخ زايد، دبي', 'AE', 'تأكيد الطلبات'],
  ['مؤسسة الرياض للسفر', 'طريق الملك فهد، الرياض', 'SA', 'تذكير بالرحلات'],
  ['Boğaziçi Lojistik A.Ş.', 'Büyükdere Cad. No: 185, İstanbul', 'TR', 'Kargo bildirimleri'],
  ['ООО «Северный Ветер»', 'Астана, пр. Мәңгілік Ел, 55', 'KZ', 'Уведомления о доставке'],
  ['Müller & Söhne GmbH', 'Königstraße 28, 70173 Stuttgart', 'DE', 'Terminerinnerungen'],
  ["L'Épicerie d'à côté SARL", '8 rue des Écoles, 75005 Paris', 'FR', 'Suivi de commande, click & collect'],
  ['Caffè Perù S.r.l.', 'Via Tortona 37, 20144 Milano', 'IT', 'Programma fedeltà'],
  ['Ñandú Viajes S.L.', 'Calle de Alcalá 45, 28014 Madrid', 'ES', 'Confirmación de reservas'],
  ['Łódzka Księgarnia Sp. z o.o.', 'ul. Piotrkowska 104, 90-926 Łódź', 'PL', 'Powiadomienia o zamówieniach'],
  ['Kırmızı Balık Restoran', 'Girne Caddesi 12, Lefkoşa', 'CY', 'Rezervasyon'],
  ['Açaí do Norte Ltda.', 'Av. Nazaré 532, Belém', 'BR', 'Status do pedido'],
  ['Panadería El Águila S.A. de C.V.', 'Av. Insurgentes Sur 1602, CDMX', 'MX', 'Pedidos a domicilio'],
  ['Andes Salud SpA', 'Av. Providencia 1208, Santiago', 'CL', 'Recordatorio de citas'],
  ['Lagos Fresh Markets Ltd', '14 Adeola Odeku Street, Lagos', 'NG', 'Delivery windows'],
  ['Savanna Mobile Money Ltd', 'Kenyatta Avenue 8, Nairobi', 'KE', 'Payment receipts'],
  [
    "O'Brien & Daughters Hardware",
    '17 Main St, Suite 4 "Rear", Dublin',
    'IE',
    'Back-in-stock notices (100% opt-in)',
  ],
  ['Maple Leaf Outfitters Inc.', '200 Bay Street, Toronto, ON', 'CA', 'Order and return updates'],
  ['Pacific Crest Bicycles LLC', '1455 Market St, San Francisco, CA', 'US', 'Repair-ready notices'],
  ['Kiwi Parcel Co. Limited', '86 Queen Street, Auckland', 'NZ', 'Parcel tracking'],
];

const folder = new URL('../examples/', import.meta.url);
mkdirSync(new URL('agreements/', folder), { recursive: true });
const rows = CUSTOMERS.map(([CustName, OfficeAddress, CountryId, BusinessDesc], index) => {
  const number = String(index + 1).padStart(3, '0');
  const IsvTerms = `agreement-${number}.pdf`;
  const lines = [
    'ISV / Client Agreement (example)',
    `Client number ${number}, ${CountryId}`,
    'Signed and stamped: an invented customer.',
  ];
  writeFileSync(new URL(`agreements/${IsvTerms}`, folder), makePdf(lines));
  const CustSpaceId = `C02002939${String(10_000 + index * 137)}`;
  return {
    CustSpaceId,
    CustName,
    OfficeAddress,
    ContactMail: `terms-${number}@customer.example`,
    CountryId,
    BusinessDesc,
    IsvTerms,
    'Client No': number,
  };
});
writeFileSync(
  new URL('customers.csv', folder),
  stringify(rows, { header: true, columns: [...INPUT_FIELDS, 'Client No'] }),
);
