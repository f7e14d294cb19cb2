using System.Buffers;

namespace Pm.Packages.Tar;

/// <summary>
/// Reads a tar archive in one forward pass: v7, ustar, pax, GNU (long names, every sparse form), star, Solaris.
/// Strict where a lie could hurt (checksums, sizes, lengths, limits), liberal in what is merely old.
/// </summary>
/// <remarks>
/// The archive ends at the first block of zeros or, without one, where the stream ends between two entries. What
/// follows the end mark is ignored (as GNU tar does without -i) or refused, see
/// <see cref="TarLimits.RefusesTrailingData"/>; the stream is read to its end, so that a checksum of its
/// compression is checked. Source: POSIX.1-2017 pax; GNU tar manual, "Tar Internals".
/// </remarks>
public sealed partial class TarReader
{
    /// <summary>How many bytes <see cref="IsTar"/> looks at.</summary>
    public const int HeadSize = TarInput.BlockSize;

    readonly TarInput _input;
    readonly TarLimits _limits;
    readonly TarExtension _globals;
    byte[] _lastUser = [];
    byte[] _lastGroup = [];
    string _lastUserName = "";
    string _lastGroupName = "";
    long _padding;
    long _totalBytes;
    long _totalNames;
    int _entries;
    bool _hasEnded;
    string? _path;

    /// <param name="source">Positioned at the first header; not disposed.</param>
    /// <param name="limits">What the archive may ask for.</param>
    /// <param name="name">The archive in messages.</param>
    public TarReader(Stream source, TarLimits limits, string name)
    {
        _input = new TarInput(source, name);
        _limits = limits;
        _globals = new TarExtension(limits, name);
        Data = new TarEntryStream(_input);
    }

    /// <summary>The content of the entry that <see cref="Next"/> returned last; valid until it is called again.</summary>
    public TarEntryStream Data { get; }

    /// <summary>How far from the archive's start the stored content of the current entry lies, in bytes.</summary>
    public long DataOffset { get; private set; }

    /// <summary>False when the stream ended without the mark that the format demands.</summary>
    public bool HasEndMark { get; private set; }

    /// <summary>Something other than zeros followed the end mark, such as another archive, and was ignored.</summary>
    public bool HasTrailingData { get; private set; }

    /// <summary>Whether a stream begins as a tar archive does: with a header whose checksum is right, or with the end mark.</summary>
    public static bool IsTar(ReadOnlySpan<byte> head) =>
        head.Length >= HeadSize
        && new TarHeader(head[..HeadSize]) is var header
        && (header.IsZero || header.HasRightChecksum);

    /// <summary>The next entry, null at the end.</summary>
    /// <exception cref="PackageFormatException">The archive is damaged, lies, or goes beyond a limit.</exception>
    public TarEntry? Next()
    {
        if (_hasEnded)
        {
            return null;
        }

        FinishEntry();
        _path = null;
        var extension = new TarExtension(_limits, _input.Name);
        var headers = 0;
        var headerBytes = 0L;
        while (true)
        {
            var block = _input.TryBlock();
            if (block.IsEmpty || new TarHeader(block).IsZero)
            {
                End(!block.IsEmpty, headers);
                return null;
            }

            var header = new TarHeader(block);
            if (!header.HasRightChecksum)
            {
                throw ArchiveFault.Malformed(Where(), "the checksum of a header is wrong: not a tar archive, or damaged");
            }

            if (!IsExtension(header.TypeFlag))
            {
                return Entry(header, extension);
            }

            CountExtension(ref headers, ref headerBytes, Number(header.Size, "size"));
            ReadExtension(header, extension);
        }
    }

    // The entry in hand by its name, as soon as that is known.
    string Where() => $"{_input.Name}: {(_path is null ? $"entry {_entries + 1}" : PathText.Show(_path))}";

    // 'V' is the label of a GNU volume, 'A' a Solaris ACL, 'E' a Solaris attribute: about an entry, none themselves.
    static bool IsExtension(byte typeFlag) => (char)typeFlag is 'L' or 'K' or 'x' or 'X' or 'g' or 'V' or 'A' or 'E';

    void CountExtension(ref int headers, ref long headerBytes, long size)
    {
        if (++headers > _limits.MaximumHeaders)
        {
            throw ArchiveFault.BeyondLimit(Where(), "extension headers", headers, _limits.MaximumHeaders);
        }

        if (size < 0 || (headerBytes += size) > _limits.MaximumHeaderBytes)
        {
            throw ArchiveFault.BeyondLimit(Where(), "bytes of extension headers", size, _limits.MaximumHeaderBytes);
        }
    }

    void ReadExtension(TarHeader header, TarExtension extension)
    {
        var kind = (char)header.TypeFlag;
        var size = (int)Number(header.Size, "size");
        var body = ArrayPool<byte>.Shared.Rent(Math.Max(size, 1));
        try
        {
            Data.Begin(size, size, null);
            Data.ReadExactly(body, 0, size);
            SkipPadding(Padding(size));
            ApplyExtension(kind, body.AsSpan(0, size), extension);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(body);
        }
    }

    void ApplyExtension(char kind, ReadOnlySpan<byte> body, TarExtension extension)
    {
        switch (kind)
        {
            case 'L':
                extension.Path = LongName(body);
                break;
            case 'K':
                extension.LinkPath = LongName(body);
                break;
            case 'x' or 'X':
                extension.Apply(body);
                break;
            case 'g':
                _globals.ApplyGlobal(body);
                break;
            default:
                break;
        }
    }

    // GNU ends the name with a NUL; a NUL in the middle would hide what follows it from programs in C.
    string LongName(ReadOnlySpan<byte> body)
    {
        var name = body.TrimEnd((byte)0);
        if (name.Length > _limits.MaximumNameBytes)
        {
            throw ArchiveFault.BeyondLimit(Where(), "bytes of a name", name.Length, _limits.MaximumNameBytes);
        }

        return name.Contains((byte)0)
            ? throw ArchiveFault.Malformed(Where(), "a NUL inside a long name")
            : PathText.Decode(name);
    }

    void FinishEntry()
    {
        var missing = _input.Skip(Data.Stored);
        if (missing > 0)
        {
            throw ArchiveFault.Truncated(Where(), $"the entry, {missing} bytes before its end");
        }

        SkipPadding(_padding);
        _padding = 0;
    }

    // A stream that ends in the padding after whole content has lost nothing; its missing end mark is reported.
    void SkipPadding(long padding) => _input.Skip(padding);

    static long Padding(long size) => -size & (TarInput.BlockSize - 1);

    void End(bool hasMark, int headers)
    {
        if (headers > 0 && !hasMark)
        {
            throw ArchiveFault.Truncated(Where(), "extension headers, before their entry");
        }

        _hasEnded = true;
        HasEndMark = hasMark;
        var trailing = 0L;
        Span<byte> buffer = stackalloc byte[4096];
        for (int count; (count = _input.Read(buffer)) > 0;)
        {
            trailing += count;
            if (trailing > _limits.MaximumTrailingBytes)
            {
                throw ArchiveFault.BeyondLimit(
                    _input.Name, "bytes after the end of the archive", -1, _limits.MaximumTrailingBytes);
            }

            HasTrailingData |= buffer[..count].ContainsAnyExcept((byte)0);
            if (HasTrailingData && _limits.RefusesTrailingData)
            {
                throw ArchiveFault.Malformed(_input.Name, "data after the end of the archive");
            }
        }
    }
}
