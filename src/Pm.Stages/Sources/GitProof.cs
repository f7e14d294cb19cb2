using System.Globalization;
using System.Text;
using Pm.Codecs;

namespace Pm.Stages.Sources;

/// <summary>
/// Shows that a tree is the one of a folder at a commit, by nothing but the objects that lead from the one to the other: each is named by its hash.
/// </summary>
/// <remarks>Source: gitformat-pack(5), git-cat-file(1); docs/formats/bundle.md.</remarks>
static class GitProof
{
    public const string Commit = "commit";
    public const string Tree = "tree";

    /// <summary>Longest object in bytes.</summary>
    public const int MaximumSize = 16 << 20;

    /// <summary>Folders above one another.</summary>
    const int MaximumDepth = 1024;

    /// <param name="commit">All digits of its id.</param>
    /// <param name="folder">"" for the top.</param>
    /// <param name="find">The content of an object, by kind and id; null: it is not there.</param>
    /// <param name="where">For messages.</param>
    /// <returns>The id of the folder's tree.</returns>
    /// <exception cref="StageException">PM7203: an object is not what its id says; PM7206: there is no such folder; PM7210: one is no such object.</exception>
    public static string TreeOf(string commit, string folder, Func<string, string, byte[]?> find, string where)
    {
        var parts = folder.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length > MaximumDepth)
        {
            throw SourceFault.Refused(where, "too many folders above one another");
        }

        var tree = TreeOf(Require(Commit, commit), commit.Length) ?? throw SourceFault.Refused(where, $"commit {commit} names no tree");
        foreach (var part in parts)
        {
            tree = Folder(Require(Tree, tree), Encoding.UTF8.GetBytes(part), commit.Length / 2)
                ?? throw SourceFault.NoFolder($"{where}: commit {commit}", $"there is no directory `{Trust.ShownText.Of(folder)}`", null);
        }

        return tree;

        byte[] Require(string kind, string id)
        {
            var content = find(kind, id) ?? throw SourceFault.Refused(where, $"the {kind} {id} is not there");
            var actual = IdOf(kind, content, id.Length);
            return actual == id ? content : throw SourceFault.Differs(where, kind, id, actual);
        }
    }

    static string IdOf(string kind, byte[] content, int digits)
    {
        using var digest = new DigestContext(digits == 40 ? DigestAlgorithm.Sha1 : DigestAlgorithm.Sha256);
        digest.Append(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{kind} {content.Length}\0")));
        digest.Append(content);
        Span<byte> id = stackalloc byte[digest.DigestSize];
        digest.Finish(id);
        return Convert.ToHexStringLower(id);
    }

    /// <summary>The first line of a commit.</summary>
    internal static string? TreeOf(ReadOnlySpan<byte> commit, int digits)
    {
        if (!commit.StartsWith("tree "u8) || commit.Length <= 5 + digits || commit[5 + digits] != '\n')
        {
            return null;
        }

        var id = Encoding.ASCII.GetString(commit.Slice(5, digits));
        return GitReference.IsId(id) ? id : null;
    }

    /// <summary>The tree of a name in a tree: records of mode, space, name, NUL and the bytes of an id.</summary>
    internal static string? Folder(ReadOnlySpan<byte> tree, ReadOnlySpan<byte> name, int idLength)
    {
        while (!tree.IsEmpty)
        {
            var space = tree.IndexOf((byte)' ');
            var end = tree.IndexOf((byte)0);
            if (space < 0 || end < space || tree.Length - end - 1 < idLength)
            {
                return null;
            }

            if (tree[(space + 1)..end].SequenceEqual(name))
            {
                return tree[..space].SequenceEqual("40000"u8) ? Convert.ToHexStringLower(tree.Slice(end + 1, idLength)) : null;
            }

            tree = tree[(end + 1 + idLength)..];
        }

        return null;
    }
}
