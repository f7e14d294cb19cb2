using Pm.Codecs;
using Pm.Trust.Tuf;

namespace Pm.Repositories;

/// <summary>Metadata files of one new state on their way: staged one after the other, made durable together, then named.</summary>
sealed class StagedMetadata(RepositoryWriter writer)
{
    /// <summary>Longer files have a compressed sibling. Source: docs/formats/http.md.</summary>
    const int SmallestCompressed = 4096;

    /// <summary>Metadata is half hashes, which no level makes smaller; there may be a thousand files.</summary>
    const int Level = 3;

    readonly List<(string Staged, string Name)> _files = [];

    /// <summary>Signs and stages a version of a role's metadata.</summary>
    /// <returns>Its bytes.</returns>
    public byte[] Add(string role, RoleMetadata content, IEnumerable<SecretKey> keys)
    {
        var bytes = RoleSigner.Sign(content, keys);
        AddSigned(role, content.Version, bytes);
        return bytes;
    }

    /// <summary>Stages a version of a role's metadata that is signed already.</summary>
    public void AddSigned(string role, long version, byte[] bytes)
    {
        AddFile(RepositoryLayout.Metadata(role, version), bytes);
        if (bytes.Length > SmallestCompressed)
        {
            AddFile(RepositoryLayout.Metadata(role, version) + RepositoryLayout.SiblingSuffix, Compressed(bytes));
        }
    }

    /// <summary>Stages a file as it is.</summary>
    public void AddFile(string name, ReadOnlySpan<byte> bytes) => _files.Add((writer.Stage(bytes), name));

    /// <summary>Gives all files their names, durably; what stood there under them is replaced.</summary>
    public void Place()
    {
        if (_files.Count == 0)
        {
            return;
        }

        writer.SyncContents();
        foreach (var (staged, name) in _files)
        {
            writer.Replace(staged, name);
        }

        writer.SyncNames();
        _files.Clear();
    }

    static byte[] Compressed(byte[] bytes)
    {
        using var target = new MemoryStream();
        using (var stream = Compressor.Open(target, Compression.Zstandard, Level, leaveOpen: true))
        {
            stream.Write(bytes);
        }

        return target.ToArray();
    }
}
