using System.Globalization;
using System.Text;
using Pm.Codecs;
using Pm.Linux;
using Pm.Packages;

namespace Pm.Stages.Sources;

/// <summary>
/// The id that git gives to what lies in a directory, worked out without git: so that a tree which somebody keeps is held against the one that is locked.
/// </summary>
/// <remarks>Source: gitformat-pack(5), git-mktree(1); docs/formats/sources.md.</remarks>
sealed class GitTree : IDisposable
{
    public const string FileMode = "100644";
    public const string ProgramMode = "100755";
    public const string TreeMode = "40000";
    const string LinkMode = "120000";
    const int BufferSize = 128 * 1024;
    const int MaximumDepth = 1024;
    const int OwnerMayExecute = 0b001_000_000;

    readonly SortedDictionary<byte[], (string Mode, byte[] Id)> _leaves = new(Comparer<byte[]>.Create(static (a, b) => a.AsSpan().SequenceCompareTo(b)));
    readonly byte[] _buffer = new byte[BufferSize];
    readonly DigestContext _digest;
    readonly CancellationToken _cancellation;

    GitTree(int digits, CancellationToken cancellation) =>
        (_digest, _cancellation) = (new DigestContext(digits == 40 ? DigestAlgorithm.Sha1 : DigestAlgorithm.Sha256), cancellation);

    /// <param name="directory">Absolute.</param>
    /// <param name="digits">Of an id: 40 or 64.</param>
    /// <param name="unusual">What a directory does not show (<see cref="UnusualEntry"/>).</param>
    /// <param name="cancellation">Ends it.</param>
    public static string Of(string directory, int digits, IEnumerable<UnusualEntry> unusual, CancellationToken cancellation)
    {
        using var tree = new GitTree(digits, cancellation);
        using (var top = DirectoryHandle.Open(directory))
        {
            tree.Walk(top, "", 0);
        }

        foreach (var entry in unusual)
        {
            tree.Add(entry);
        }

        var leaves = tree._leaves.Select(l => (l.Key, l.Value.Mode, l.Value.Id)).ToArray();
        return Convert.ToHexStringLower(tree.Hash(leaves, 0, 0));
    }

    public void Dispose() => _digest.Dispose();

    void Add(UnusualEntry entry)
    {
        if (entry.Id is { } id)
        {
            _leaves[PathText.Encode(entry.Path)] = (entry.Mode, Convert.FromHexString(id));
        }
    }

    void Walk(DirectoryHandle folder, string path, int depth)
    {
        if (depth > MaximumDepth)
        {
            throw SourceFault.Refused(PathText.Show(path), "too many directories above one another");
        }

        foreach (var entry in folder.Entries())
        {
            _cancellation.ThrowIfCancellationRequested();
            var inner = path.Length == 0 ? entry.Name : $"{path}/{entry.Name}";
            if (entry.Name.Equals(".git", StringComparison.OrdinalIgnoreCase))
            {
                throw SourceFault.Refused(PathText.Show(inner), "no file of a repository can have that name");
            }

            switch (entry.Kind)
            {
                case FileKind.Directory:
                    using (var below = folder.OpenBeneath(entry.Name))
                    {
                        Walk(below, inner, depth + 1);
                    }

                    break;
                case FileKind.SymbolicLink:
                    var target = PathText.Encode(folder.ReadLink(entry.Name) ?? "");
                    Begin("blob", target.Length);
                    _digest.Append(target);
                    _leaves[PathText.Encode(inner)] = (LinkMode, End());
                    break;
                case FileKind.Regular:
                    using (var file = folder.OpenRead(entry.Name))
                    {
                        var mode = (OpenFile.Status(file).Mode & OwnerMayExecute) != 0 ? ProgramMode : FileMode;
                        _leaves[PathText.Encode(inner)] = (mode, OfFile(file, inner));
                    }

                    break;
                default:
                    throw SourceFault.Refused(PathText.Show(inner), "it is neither a file, a link nor a directory");
            }
        }
    }

    byte[] OfFile(Microsoft.Win32.SafeHandles.SafeFileHandle file, string path)
    {
        var length = OpenFile.Status(file).Size;
        Begin("blob", length);
        var at = 0L;
        for (int read; at < length && (read = RandomAccess.Read(file, _buffer.AsSpan(0, (int)Math.Min(length - at, BufferSize)), at)) > 0; at += read)
        {
            _digest.Append(_buffer.AsSpan(0, read));
        }

        return at == length ? End() : throw SourceFault.Refused(PathText.Show(path), "it changed while it was read");
    }

    /// <summary>The tree of leaves that are next to each other and have the same first bytes; by their bytes they are in git's order.</summary>
    byte[] Hash(ReadOnlySpan<(byte[] Path, string Mode, byte[] Id)> leaves, int prefix, int depth)
    {
        if (depth > MaximumDepth)
        {
            throw SourceFault.Refused(PathText.Show(PathText.Decode(leaves[0].Path)), "too many directories above one another");
        }

        var content = new MemoryStream();
        for (var i = 0; i < leaves.Length;)
        {
            var rest = leaves[i].Path.AsSpan(prefix);
            var slash = rest.IndexOf((byte)'/');
            var name = slash < 0 ? rest : rest[..slash];
            var end = i + 1;
            if (slash >= 0)
            {
                while (end < leaves.Length && leaves[end].Path.AsSpan(prefix).StartsWith(rest[..(slash + 1)]))
                {
                    end++;
                }
            }

            var (mode, id) = slash < 0 ? (leaves[i].Mode, leaves[i].Id) : (TreeMode, Hash(leaves[i..end], prefix + slash + 1, depth + 1));
            content.Write(Encoding.ASCII.GetBytes($"{mode} "));
            content.Write(name);
            content.WriteByte(0);
            content.Write(id);
            i = end;
        }

        Begin("tree", content.Length);
        _digest.Append(content.GetBuffer().AsSpan(0, (int)content.Length));
        return End();
    }

    void Begin(string kind, long length)
    {
        _digest.Restart();
        _digest.Append(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{kind} {length}\0")));
    }

    byte[] End()
    {
        var id = new byte[_digest.DigestSize];
        _digest.Finish(id);
        return id;
    }
}
