package gpkg

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// Of GeoPackage 1.3 (OGC 12-128r18), clauses 1.1.1.1.1 and 1.1.1.1.2: "GPKG"
// and 1.3.0.
const (
	applicationID = 0x47504B47
	userVersion   = 10300
)

// schemaVersion is the version of our own tables, kept in yizhan_meta. It
// grows when a program of this version could misread what a later one wrote.
const schemaVersion = 1

const metaSchema = "schema_version"

// wkt4326 defines EPSG:4326 in the well-known text that GeoPackage asks for.
const wkt4326 = `GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]`

// schema lists the statements that make an empty store.
func schema() []string {
	cols := make([]string, numColumns)
	for i, c := range columns {
		cols[i] = c.name + " " + c.decl
	}
	statements := []string{
		fmt.Sprintf("PRAGMA application_id = %d", applicationID),
		fmt.Sprintf("PRAGMA user_version = %d", userVersion),
		`CREATE TABLE gpkg_spatial_ref_sys (
			srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
			organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT)`,
		`INSERT INTO gpkg_spatial_ref_sys VALUES
			('Undefined cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined cartesian coordinate reference system'),
			('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic coordinate reference system'),
			('WGS 84 geodetic', 4326, 'EPSG', 4326, '` + wkt4326 + `', 'longitude/latitude coordinates in decimal degrees on the WGS 84 spheroid')`,
		`CREATE TABLE gpkg_contents (
			table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE, description TEXT DEFAULT '',
			last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
			min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
			CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id))`,
		`CREATE TABLE gpkg_geometry_columns (
			table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
			srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
			CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
			CONSTRAINT uk_gc_table_name UNIQUE (table_name),
			CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
			CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id))`,
		`CREATE TABLE gpkg_extensions (
			table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL,
			CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name))`,
		`CREATE TABLE places (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom POINT, ` + strings.Join(cols, ", ") + `)`,
		`CREATE TABLE yizhan_meta (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, key TEXT NOT NULL UNIQUE, value TEXT NOT NULL)`,
		`INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES
			('places', 'features', 'places', 'Places of yizhan, WGS 84. Columns may be edited; id and feed say who owns a row.', 4326),
			('yizhan_meta', 'attributes', 'yizhan_meta', 'What yizhan keeps beside the places.', NULL)`,
		`INSERT INTO gpkg_geometry_columns VALUES ('places', 'geom', 'POINT', 4326, 0, 0)`,
		`CREATE VIRTUAL TABLE rtree_places_geom USING rtree(id, minx, maxx, miny, maxy)`,
		`INSERT INTO gpkg_extensions VALUES ('places', 'geom', 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only')`,
		fmt.Sprintf(`INSERT INTO yizhan_meta (key, value) VALUES ('%s', '%d')`, metaSchema, schemaVersion),
	}
	return append(statements, createTriggers()...)
}

// trigger is one of those that let other programs keep the spatial index.
type trigger struct{ name, when, do string }

// triggers are those of the extension gpkg_rtree_index. They call functions
// (ST_MinX …) that GDAL and QGIS bring and plain SQLite does not have, so our
// own writing sets them aside and keeps the index itself.
func triggers() []trigger {
	const (
		has    = `(NEW.geom NOT NULL AND NOT ST_IsEmpty(NEW.geom))`
		hasNot = `(NEW.geom IS NULL OR ST_IsEmpty(NEW.geom))`
		put    = `INSERT OR REPLACE INTO rtree_places_geom VALUES (NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom));`
		drop   = `DELETE FROM rtree_places_geom WHERE id = OLD.fid;`
	)
	return []trigger{
		{"insert", `AFTER INSERT ON places WHEN ` + has, put},
		{"update1", `AFTER UPDATE OF geom ON places WHEN OLD.fid = NEW.fid AND ` + has, put},
		{"update2", `AFTER UPDATE OF geom ON places WHEN OLD.fid = NEW.fid AND ` + hasNot, drop},
		{"update3", `AFTER UPDATE ON places WHEN OLD.fid != NEW.fid AND ` + has, drop + " " + put},
		{"update4", `AFTER UPDATE ON places WHEN OLD.fid != NEW.fid AND ` + hasNot, `DELETE FROM rtree_places_geom WHERE id IN (OLD.fid, NEW.fid);`},
		{"delete", `AFTER DELETE ON places WHEN OLD.geom NOT NULL`, drop},
	}
}

func createTriggers() []string {
	var out []string
	for _, t := range triggers() {
		out = append(out, fmt.Sprintf("CREATE TRIGGER rtree_places_geom_%s %s BEGIN %s END", t.name, t.when, t.do))
	}
	return out
}

// dropTriggers takes every trigger on places away, whatever program made it
// and under whichever name.
func dropTriggers(ctx context.Context, tx execer) error {
	rows, err := tx.QueryContext(ctx, `SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'places' AND name LIKE 'rtree_places_geom_%'`)
	if err != nil {
		return err
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return err
		}
		names = append(names, name)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, name := range names {
		if _, err := tx.ExecContext(ctx, `DROP TRIGGER "`+strings.ReplaceAll(name, `"`, `""`)+`"`); err != nil {
			return err
		}
	}
	return nil
}

// execer is a connection or a transaction.
type execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// rowText is the SQL expression that joins the cells of a row as row.go reads
// them.
func rowText() string {
	names := make([]string, numColumns)
	for i, c := range columns {
		names[i] = "ifnull(" + c.name + ",'')"
	}
	return fmt.Sprintf("concat_ws(char(%d),%s)", sep, strings.Join(names, ","))
}
