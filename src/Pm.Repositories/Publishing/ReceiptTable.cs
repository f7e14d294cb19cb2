using Pm.Codecs;
using Pm.Packages;
using Pm.Repositories.Database;

namespace Pm.Repositories.Publishing;

/// <summary>Which uploads became which package: for somebody who asks again because the first answer was lost.</summary>
/// <remarks>A hint only: packages can be removed. What is published says the repository itself.</remarks>
sealed class ReceiptTable(SqliteConnection reader, SqliteConnection writer)
{
    public void Add(Sha256Digest digest, PackageId id, DateTimeOffset now) => writer.Execute(
        "INSERT OR REPLACE INTO receipts(digest, name, version, time) VALUES(?, ?, ?, ?)",
        digest.Bytes.ToArray(), id.Name.Text, id.Version.Text, now.ToUnixTimeMilliseconds());

    /// <summary>It does not hold any more.</summary>
    public void Remove(Sha256Digest digest) => writer.Execute("DELETE FROM receipts WHERE digest = ?", digest.Bytes.ToArray());

    public PackageId? Find(Sha256Digest digest) => reader.Query(
        "SELECT name, version FROM receipts WHERE digest = ?", row => PackageId.Parse($"{row.Text(0)}@{row.Text(1)}"), digest.Bytes.ToArray())
        is [var id] ? id : null;
}
