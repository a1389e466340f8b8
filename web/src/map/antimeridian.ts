/** Rings that step over the antimeridian, written so that a flat map draws them in one piece. */

type Ring = GeoJSON.Position[];

/** A step of more than half the world is one over the antimeridian: longitudes go on beyond 180 instead. */
function ring(points: Ring): Ring {
  let turn = 0;
  const made = points.map(([longitude = 0, latitude = 0], at): GeoJSON.Position => {
    const before = points[at - 1]?.[0] ?? longitude;
    if (longitude - before > 180) turn -= 360;
    if (longitude - before < -180) turn += 360;
    return [longitude + turn, latitude];
  });
  if (turn === 0) return made;
  // It went round a pole: the pole is inside.
  const [first, last] = [made[0] as GeoJSON.Position, made.at(-1) as GeoJSON.Position];
  const pole = (first[1] ?? 0) < 0 ? -90 : 90;
  return [...made, [last[0] ?? 0, pole], [first[0] ?? 0, pole], first];
}

export function unwound(world: GeoJSON.FeatureCollection): GeoJSON.FeatureCollection {
  const shape = (geometry: GeoJSON.Geometry): GeoJSON.Geometry => {
    if (geometry.type === 'Polygon') return { type: 'Polygon', coordinates: geometry.coordinates.map(ring) };
    if (geometry.type === 'MultiPolygon') return { type: 'MultiPolygon', coordinates: geometry.coordinates.map((polygon) => polygon.map(ring)) };
    return geometry;
  };
  return { ...world, features: world.features.map((one) => ({ ...one, geometry: shape(one.geometry) })) };
}
