using System.Buffers;
using System.Globalization;
using System.Text;
using Pm.Storage.Planning;

namespace Pm.Storage.Journals;

/// <summary>
/// Writes and reads a journal: one line a step, readable with <c>cat</c>. Paths and targets hold no control characters
/// (docs/formats/contents.md), and names found on disk that do are never put into a directory that goes as a whole, so a line
/// ends where it ends.
/// </summary>
static class JournalDocument
{
    /// <summary>A million steps; more is not one of ours.</summary>
    public const int MaximumSize = 512 * 1024 * 1024;

    const string Header = "pm journal 1";

    public static ReadOnlyMemory<byte> ToBytes(Journal journal)
    {
        var buffer = new ArrayBufferWriter<byte>(64 + (journal.Operations.Count * 128));
        Line(buffer, Header);
        Line(buffer, $"kind {(journal.Kind is RootKind.Prefix ? "prefix" : "application")}");
        Line(buffer, string.Create(CultureInfo.InvariantCulture, $"from {journal.From}"));
        Line(buffer, string.Create(CultureInfo.InvariantCulture, $"to {journal.To}"));
        foreach (var package in journal.Packages)
        {
            Line(buffer, $"package {package}");
        }
        if (journal.IsDetached)
        {
            Line(buffer, Detached);
        }
        foreach (var operation in journal.Operations)
        {
            Write(buffer, operation);
        }
        Line(buffer, string.Create(CultureInfo.InvariantCulture, $"end {journal.Operations.Count}"));
        return buffer.WrittenMemory;
    }

    /// <exception cref="StoreException">PM4009: it is not a whole journal.</exception>
    public static Journal Parse(ReadOnlySpan<byte> bytes, string where)
    {
        try
        {
            return Read(bytes);
        }
        catch (Exception e) when (IsDamage(e))
        {
            throw new StoreException("PM4009", $"{where}: damaged: {e.Message}", "move it away, then `pm verify --repair`", e);
        }
    }

    /// <summary>Null when it is not a whole journal: for who only looks, and leaves the error to who mends.</summary>
    public static Journal? TryParse(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Read(bytes);
        }
        catch (Exception e) when (IsDamage(e))
        {
            return null;
        }
    }

    public const string HeaderLine = Header;

    public const string Detached = "detached";

    static Journal Read(ReadOnlySpan<byte> bytes) => new JournalReader(Encoding.UTF8.GetString(bytes)).Read();

    static bool IsDamage(Exception e) => e is FormatException or OverflowException;

    static void Write(ArrayBufferWriter<byte> buffer, Operation operation)
    {
        switch (operation)
        {
            case Operation.Add add:
                Line(buffer, string.Create(CultureInfo.InvariantCulture,
                    $"+ {add.Sequence} {ContentOf(add.Entry)} {add.Path}"));
                break;
            case Operation.Replace replace:
                Line(buffer, string.Create(CultureInfo.InvariantCulture,
                    $"= {replace.Sequence} {ContentOf(replace.Entry)} {replace.OldInode} {replace.Path}"));
                WriteSaved(buffer, replace.SavedAs);
                break;
            case Operation.MoveAway away:
                Line(buffer, string.Create(CultureInfo.InvariantCulture, $"> {away.Sequence} {away.Path}"));
                WriteSaved(buffer, away.SavedAs);
                foreach (var name in away.Contents)
                {
                    Line(buffer, "- " + name);
                }
                break;
            case Operation.MakeDirectory make:
                Line(buffer, $"d {Octal(make.Mode)} {make.Path}");
                break;
            case Operation.SetMode mode:
                Line(buffer, $"m {Octal(mode.OldMode)} {Octal(mode.NewMode)} {mode.Path}");
                break;
            case Operation.RemoveDirectory remove:
                Line(buffer, "r " + remove.Path);
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    static void WriteSaved(ArrayBufferWriter<byte> buffer, string? savedAs)
    {
        if (savedAs is not null)
        {
            Line(buffer, "s " + savedAs);
        }
    }

    static string ContentOf(TreeEntry entry) =>
        (entry.IsLink ? "l " : entry.IsExecutable ? "x " : "f ") + entry.Root;

    static string Octal(int mode) => Convert.ToString(mode, 8);

    static void Line(ArrayBufferWriter<byte> buffer, string text)
    {
        var span = buffer.GetSpan((text.Length * 3) + 1);
        var count = Encoding.UTF8.GetBytes(text, span);
        span[count] = (byte)'\n';
        buffer.Advance(count + 1);
    }
}
