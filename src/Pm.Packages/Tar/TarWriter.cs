using System.Text;

namespace Pm.Packages.Tar;

/// <summary>
/// Writes ustar, with a pax header in front of an entry only where ustar cannot say it (a long name, 8 GiB).
/// The same calls give the same bytes: owner 0, one time for all, no user or clock asked.
/// </summary>
/// <remarks>Source: POSIX.1-2017 pax, "ustar Interchange Format".</remarks>
public sealed class TarWriter(Stream target, TarWriteOptions? options = null)
{
    const int BlockSize = TarInput.BlockSize;
    const int NameLength = 100;
    const int PrefixLength = 155;
    const long MaximumOctalSize = (1L << 33) - 1;

    // Shown by tools that do not know pax; Python's tarfile writes the same.
    const string PaxHeaderName = "././@PaxHeader";

    readonly TarWriteOptions _options = options ?? TarWriteOptions.Default;
    readonly byte[] _block = new byte[BlockSize];
    string _entry = "";
    long _remaining;
    long _padding;
    bool _isFinished;

    public void WriteDirectory(string path, int mode = 0x1ed) => Header(path + "/", mode, '5', 0, null);

    public void WriteSymlink(string path, string linkTarget) => Header(path, 0x1ff, '2', 0, linkTarget);

    /// <summary>Writes a file that is at hand.</summary>
    public void WriteFile(string path, int mode, ReadOnlySpan<byte> content)
    {
        BeginFile(path, mode, content.Length);
        Append(content);
    }

    /// <summary>Writes a file from a stream that holds exactly <paramref name="size"/> bytes.</summary>
    /// <exception cref="InvalidOperationException">It holds fewer or more.</exception>
    public void WriteFile(string path, int mode, long size, Stream content)
    {
        BeginFile(path, mode, size);
        var buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(128 * BlockSize);
        try
        {
            for (int count; (count = content.Read(buffer)) > 0;)
            {
                Append(buffer.AsSpan(0, count));
            }

            EndEntry();
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Begins a file whose bytes follow through <see cref="Append"/>.</summary>
    public void BeginFile(string path, int mode, long size)
    {
        Header(path, mode, '0', size, null);
        _remaining = size;
        _padding = -size & (BlockSize - 1);
    }

    public void Append(ReadOnlySpan<byte> data)
    {
        if (data.Length > _remaining)
        {
            throw new InvalidOperationException($"{_entry}: more bytes than announced");
        }

        target.Write(data);
        _remaining -= data.Length;
    }

    /// <summary>Writes the end mark. The target is left open.</summary>
    public void Finish()
    {
        EndEntry();
        _block.AsSpan().Clear();
        target.Write(_block);
        target.Write(_block);
        _isFinished = true;
    }

    void EndEntry()
    {
        if (_remaining > 0)
        {
            throw new InvalidOperationException($"{_entry}: {_remaining} bytes fewer than announced");
        }

        _block.AsSpan().Clear();
        target.Write(_block.AsSpan(0, (int)_padding));
        _padding = 0;
    }

    void Header(string path, int mode, char typeFlag, long size, string? linkTarget)
    {
        ObjectDisposedException.ThrowIf(_isFinished, this);
        EndEntry();
        _entry = path;
        var name = PathText.Encode(path);
        var link = linkTarget is null ? [] : PathText.Encode(linkTarget);
        var split = Split(name);
        var pax = new PaxBody();
        pax.AddIf(split < 0, "path"u8, name);
        pax.AddIf(link.Length > NameLength, "linkpath"u8, link);
        pax.AddIf(size > MaximumOctalSize, "size"u8, Encoding.ASCII.GetBytes($"{size}"));
        if (pax.Length > 0)
        {
            Block(Encoding.ASCII.GetBytes(PaxHeaderName), 0, 0x1a4, 'x', pax.Length, []);
            target.Write(pax.Padded());
        }

        Block(
            split < 0 ? name.AsSpan(0, NameLength) : name,
            Math.Max(split, 0),
            mode,
            typeFlag,
            size > MaximumOctalSize ? 0 : size,
            link.AsSpan(0, Math.Min(link.Length, NameLength)));
    }

    // 0: fits the name field; n: name[..n] is the prefix, name[n+1..] the name; -1: needs pax.
    static int Split(ReadOnlySpan<byte> name)
    {
        if (name.Length <= NameLength)
        {
            return 0;
        }

        var last = Math.Min(PrefixLength, name.Length - 2);
        var first = name.Length - NameLength - 1;
        for (var at = last; at >= Math.Max(first, 1); at--)
        {
            if (name[at] == (byte)'/')
            {
                return at;
            }
        }

        return -1;
    }

    void Block(ReadOnlySpan<byte> name, int split, int mode, char typeFlag, long size, ReadOnlySpan<byte> link)
    {
        var block = _block.AsSpan();
        block.Clear();
        (split == 0 ? name : name[(split + 1)..]).CopyTo(block);
        name[..split].CopyTo(block[345..]);
        Octal(block.Slice(100, 8), mode);
        Octal(block.Slice(108, 8), 0);
        Octal(block.Slice(116, 8), 0);
        Octal(block.Slice(124, 12), size);
        Octal(block.Slice(136, 12), _options.Modified);
        block[156] = (byte)typeFlag;
        link.CopyTo(block[157..]);
        "ustar\000"u8.CopyTo(block[257..]);
        Encoding.ASCII.GetBytes(_options.UserName, block.Slice(265, 31));
        Encoding.ASCII.GetBytes(_options.GroupName, block.Slice(297, 31));
        Octal(block.Slice(329, 8), 0);
        Octal(block.Slice(337, 8), 0);
        Checksum(block);
        target.Write(block);
    }

    static void Checksum(Span<byte> block)
    {
        var field = block.Slice(148, 8);
        field.Fill((byte)' ');
        var sum = 0;
        foreach (var value in block)
        {
            sum += value;
        }

        // Six digits, NUL, space: the form of every tar since the Seventh Edition.
        Octal(field[..7], sum);
    }

    static void Octal(Span<byte> field, long value)
    {
        field[^1] = 0;
        for (var i = field.Length - 2; i >= 0; i--)
        {
            field[i] = (byte)('0' + (value & 7));
            value >>= 3;
        }
    }
}
