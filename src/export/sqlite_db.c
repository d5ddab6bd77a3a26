/* libsqlite3, with as little ceremony as it allows. */
#include "export/sqlite_db.h"

#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/text.h"

static void failed(struct sqlite_db *s)
{
	if (!s->failed)
		err_set(&s->err, ERR_SYSTEM, _("cannot write %s: %s"), s->shown,
			s->db ? sqlite3_errmsg(s->db) : "");
	s->failed = true;
}

void sqlite_db_run(struct sqlite_db *s, const char *sql)
{
	if (!s->failed && sqlite3_exec(s->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		failed(s);
}

int sqlite_db_open(struct sqlite_db *s, const char *path, const char *const *statements, size_t n,
		   struct err *err)
{
	*s = (struct sqlite_db){ .shown = text_printable_dup(path, strlen(path)) };
	if (sqlite3_open_v2(path, &s->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) != SQLITE_OK)
		failed(s);
	/* a file that was not finished is of no use: it is removed, not repaired */
	sqlite_db_run(s, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN");
	sqlite_db_run(s, sqlite_db_tables);
	assert(n <= SQLITE_DB_STATEMENTS);
	for (size_t i = 0; i < n && !s->failed; i++)
		if (sqlite3_prepare_v2(s->db, statements[i], -1, &s->statements[i], NULL) != SQLITE_OK)
			failed(s);
	if (s->failed && err)
		*err = s->err;
	return s->failed ? -1 : 0;
}

static void bind_text(sqlite3_stmt *statement, int i, const char *bytes, bool empty_is_null)
{
	if (!*bytes && empty_is_null)
		sqlite3_bind_null(statement, i);
	else
		sqlite3_bind_text(statement, i, text_utf8_dup(bytes, strlen(bytes)), -1, free);
}

int64_t sqlite_db_put(struct sqlite_db *s, int number, const char *types, ...)
{
	sqlite3_stmt *statement = s->statements[number];
	int64_t row = 0;
	va_list values;
	int result;

	if (s->failed)
		return 0;
	va_start(values, types);
	for (int i = 0; types[i]; i++)
		if (types[i] == 'i')
			sqlite3_bind_int64(statement, i + 1, va_arg(values, int64_t));
		else if (types[i] == 's')
			sqlite3_bind_double(statement, i + 1, (double)va_arg(values, uint64_t) / 1e9);
		else
			bind_text(statement, i + 1, va_arg(values, const char *), types[i] == '0');
	va_end(values);
	result = sqlite3_step(statement);
	if (result == SQLITE_ROW)
		row = sqlite3_column_int64(statement, 0);
	else if (result == SQLITE_DONE && !sqlite3_stmt_readonly(statement))
		row = sqlite3_last_insert_rowid(s->db);
	else if (result != SQLITE_DONE)
		failed(s);
	sqlite3_reset(statement);
	return row;
}

void sqlite_db_close(struct sqlite_db *s)
{
	for (int i = 0; i < SQLITE_DB_STATEMENTS; i++)
		sqlite3_finalize(s->statements[i]);
	sqlite3_close(s->db);
	free(s->shown);
	*s = (struct sqlite_db){ 0 };
}
