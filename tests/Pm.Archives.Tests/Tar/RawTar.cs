using System.Text;

namespace Pm.Archives.Tests.Tar;

/// <summary>Puts archives together byte by byte.</summary>
public sealed class RawTar
{
    readonly List<byte> _bytes = [];

    public RawTar Header(RawHeader header, int checksumError = 0)
    {
        _bytes.AddRange(header.ToBytes(checksumError));
        return this;
    }

    public RawTar Body(ReadOnlySpan<byte> content)
    {
        _bytes.AddRange(content);
        _bytes.AddRange(new byte[-content.Length & 511]);
        return this;
    }

    public RawTar Raw(ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public RawTar File(string name, string content = "", int mode = 0x1a4)
    {
        var bytes = Encoding.UTF8.GetBytes(content);
        return Header(new RawHeader(name, '0', bytes.Length).Mode(mode)).Body(bytes);
    }

    public RawTar Directory(string name, int mode = 0x1ed) => Header(new RawHeader(name, '5').Mode(mode));

    public RawTar Symlink(string name, string target) => Header(new RawHeader(name, '2').Link(target).Mode(0x1ff));

    public RawTar HardLink(string name, string target) => Header(new RawHeader(name, '1').Link(target));

    public RawTar Pax(params string[] records) => Extension('x', string.Concat(records));

    public RawTar GlobalPax(params string[] records) => Extension('g', string.Concat(records));

    public RawTar LongName(string name) => Extension('L', name + "\0");

    public RawTar LongLink(string name) => Extension('K', name + "\0");

    public RawTar Extension(char typeFlag, string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        return Header(new RawHeader("././@LongLink", typeFlag, bytes.Length)).Body(bytes);
    }

    public byte[] ToBytes(bool withEnd = true) => [.. _bytes, .. new byte[withEnd ? 1024 : 0]];
}
