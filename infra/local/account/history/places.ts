export interface Place {
  readonly country: string
  readonly region: string
  readonly city: string
  readonly latitude: number
  readonly longitude: number
  /** Its addresses are reserved for documentation (RFC 5737, RFC 3849), so they belong to nobody. */
  readonly network: string
}

const place = (
  country: string,
  region: string,
  city: string,
  latitude: number,
  longitude: number,
  network: string,
): Place => ({ country, region, city, latitude, longitude, network })

/** Places where people of the account live, and where they travel. */
export const PLACES: readonly Place[] = [
  place('CA', 'Ontario', 'Toronto', 43.6532, -79.3832, '203.0.113.1'),
  place('CA', 'Quebec', 'Montréal', 45.5019, -73.5674, '203.0.113.2'),
  place('US', 'New York', 'New York', 40.7128, -74.006, '198.51.100.1'),
  place('US', 'California', 'San Francisco', 37.7749, -122.4194, '198.51.100.2'),
  place('DE', 'Berlin', 'Berlin', 52.52, 13.405, '192.0.2.1'),
  place('FR', 'Île-de-France', 'Paris', 48.8566, 2.3522, '192.0.2.2'),
  place('PT', 'Lisboa', 'Lisboa', 38.7223, -9.1393, '203.0.113.3'),
  place('PL', 'Małopolskie', 'Kraków', 50.0647, 19.945, '203.0.113.4'),
  place('JP', 'Tōkyō', '東京', 35.6762, 139.6503, '2001:db8:81::'),
  place('BR', 'São Paulo', 'São Paulo', -23.5505, -46.6333, '198.51.100.3'),
]

/** Places where only unexpected sign-ins come from. */
export const ELSEWHERE: readonly Place[] = [
  place('RU', 'Sankt-Peterburg', 'Sankt-Peterburg', 59.9343, 30.3351, '192.0.2.8'),
  place('NG', 'Lagos', 'Lagos', 6.5244, 3.3792, '192.0.2.9'),
  place('VN', 'Hồ Chí Minh', 'Thành phố Hồ Chí Minh', 10.8231, 106.6297, '2001:db8:84::'),
]

/** Returns the address in the place's network that belongs to a number from 0 to 9. */
export const addressIn = ({ network }: Place, number: number): string =>
  network.includes(':') ? `${network}${(number + 17).toString(16)}` : `${network}${number}`
