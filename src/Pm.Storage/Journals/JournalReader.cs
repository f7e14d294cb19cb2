using System.Collections.Immutable;
using System.Globalization;
using Pm.Blobs;
using Pm.Storage.Planning;

namespace Pm.Storage.Journals;

/// <summary>Reads the lines of a journal back.</summary>
sealed class JournalReader
{
    readonly string[] _lines;
    int _at;

    public JournalReader(string text)
    {
        if (!text.EndsWith('\n'))
        {
            throw new FormatException("the end is missing");
        }
        _lines = text[..^1].Split('\n');
    }

    public Journal Read()
    {
        if (Next() != JournalDocument.HeaderLine)
        {
            throw new FormatException($"expected `{JournalDocument.HeaderLine}`, got `{_lines[0]}`");
        }
        var kind = After("kind ") switch
        {
            "prefix" => RootKind.Prefix,
            "application" => RootKind.Application,
            var other => throw new FormatException($"kind {other}"),
        };
        var from = Number(After("from "));
        var to = Number(After("to "));
        var packages = ImmutableArray.CreateBuilder<MerkleRoot>();
        while (Peek().StartsWith("package ", StringComparison.Ordinal))
        {
            packages.Add(MerkleRoot.Parse(After("package ")));
        }
        var isDetached = Peek() == JournalDocument.Detached && Next().Length > 0;
        return new Journal
        {
            Kind = kind,
            From = from,
            To = to,
            Packages = packages.ToImmutable(),
            IsDetached = isDetached,
            Operations = ReadOperations(),
        };
    }

    List<Operation> ReadOperations()
    {
        var operations = new List<Operation>();
        while (!Peek().StartsWith("end ", StringComparison.Ordinal))
        {
            operations.Add(ReadOperation(Next()));
        }
        var count = Number(After("end "));
        return count == operations.Count && _at == _lines.Length
            ? operations
            : throw new FormatException($"expected {count} steps, got {operations.Count}");
    }

    Operation ReadOperation(string line)
    {
        var rest = line.Length > 2 && line[1] == ' ' ? line[2..] : throw Unknown(line);
        switch (line[0])
        {
            case '+':
                var sequence = Number(Word(ref rest));
                return new Operation.Add(ReadEntry(ref rest), sequence);
            case '=':
                return ReadReplace(rest);
            case '>':
                return new Operation.MoveAway(Tail(ref rest, out sequence), sequence, ReadSaved(), ReadContents());
            case 'd':
                var mode = Octal(Word(ref rest));
                return new Operation.MakeDirectory(Checked(rest), mode);
            case 'm':
                return new Operation.SetMode(Tail(ref rest, out var oldMode, out var newMode), oldMode, newMode);
            case 'r':
                return new Operation.RemoveDirectory(Checked(rest));
            default:
                throw Unknown(line);
        }
    }

    Operation.Replace ReadReplace(string rest)
    {
        var sequence = Number(Word(ref rest));
        var content = Word(ref rest);
        var root = Word(ref rest);
        var inode = ulong.Parse(Word(ref rest), NumberStyles.None, CultureInfo.InvariantCulture);
        return new Operation.Replace(Entry(content, root, rest), sequence, inode, ReadSaved());
    }

    static TreeEntry ReadEntry(ref string rest)
    {
        var content = Word(ref rest);
        var root = Word(ref rest);
        return Entry(content, root, rest);
    }

    /// <summary>What a link pointed to is known by its hash alone: enough to tell whether it is ours.</summary>
    static TreeEntry Entry(string content, string root, string path) => new()
    {
        Path = Checked(path),
        Root = MerkleRoot.Parse(root),
        IsExecutable = content == "x",
        Target = content switch { "l" => "", "f" or "x" => null, _ => throw new FormatException($"content `{content}`") },
    };

    string? ReadSaved() => Peek().StartsWith("s ", StringComparison.Ordinal) ? Checked(Next()[2..]) : null;

    ImmutableArray<string> ReadContents()
    {
        var contents = ImmutableArray.CreateBuilder<string>();
        while (Peek().StartsWith("- ", StringComparison.Ordinal))
        {
            var name = Next()[2..];
            Checked(name.TrimEnd('/'));
            contents.Add(name);
        }
        return contents.ToImmutable();
    }

    static string Tail(ref string rest, out int sequence)
    {
        sequence = Number(Word(ref rest));
        return Checked(rest);
    }

    static string Tail(ref string rest, out int first, out int second)
    {
        first = Octal(Word(ref rest));
        second = Octal(Word(ref rest));
        return Checked(rest);
    }

    /// <summary>The journal is pm's own; still nothing in it may lead out of the root.</summary>
    static string Checked(string path) =>
        path.Length > 0 && path[0] != '/' && !path.Split('/').Any(p => p is "" or "." or "..")
            ? path
            : throw new FormatException($"path `{path}`");

    static string Word(ref string rest)
    {
        var space = rest.IndexOf(' ');
        if (space < 0)
        {
            throw new FormatException($"`{rest}` is cut short");
        }
        var word = rest[..space];
        rest = rest[(space + 1)..];
        return word;
    }

    static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    static int Octal(string text)
    {
        try
        {
            return Convert.ToInt32(text, 8);
        }
        catch (ArgumentException e)
        {
            throw new FormatException($"mode `{text}`", e);
        }
    }

    string After(string prefix) =>
        Next() is var line && line.StartsWith(prefix, StringComparison.Ordinal)
            ? line[prefix.Length..]
            : throw new FormatException($"expected `{prefix.Trim()}`, got `{line}`");

    string Peek() => _at < _lines.Length ? _lines[_at] : throw new FormatException("the end is missing");

    string Next()
    {
        var line = Peek();
        _at++;
        return line;
    }

    static FormatException Unknown(string line) => new($"no such step: `{line}`");
}
