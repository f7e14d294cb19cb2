using System.Globalization;
using System.Text;

namespace Pm.Archives.Tests.Tar;

/// <summary>A tar header that can say anything, also what no honest writer says.</summary>
public sealed class RawHeader
{
    readonly byte[] _block = new byte[512];

    public RawHeader(string name, char typeFlag = '0', long size = 0)
    {
        Bytes(0, Encoding.UTF8.GetBytes(name));
        Octal(100, 8, 0x1a4);
        Octal(108, 8, 0);
        Octal(116, 8, 0);
        Octal(124, 12, size);
        Octal(136, 12, 1);
        _block[156] = (byte)typeFlag;
        Text(257, "ustar\000");
    }

    public RawHeader Mode(int mode) => Octal(100, 8, mode);

    public RawHeader Link(string target) => Text(157, target);

    public RawHeader Prefix(string prefix) => Text(345, prefix);

    public RawHeader Gnu() => Text(257, "ustar  \0");

    public RawHeader V7() => Bytes(257, new byte[255]);

    public RawHeader Octal(int offset, int length, long value) =>
        Text(offset, Convert.ToString(value, 8).PadLeft(length - 1, '0') + "\0");

    public RawHeader Text(int offset, string text) => Bytes(offset, Encoding.UTF8.GetBytes(text));

    public RawHeader Bytes(int offset, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_block.AsSpan(offset));
        return this;
    }

    public byte[] ToBytes(int checksumError = 0, bool sumsSigned = false)
    {
        var block = (byte[])_block.Clone();
        block.AsSpan(148, 8).Fill((byte)' ');
        var sum = block.Sum(b => sumsSigned ? (sbyte)b : b) + checksumError;
        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(block, 148);
        return block;
    }

    public static string PaxRecord(string keyword, string value)
    {
        var rest = Encoding.UTF8.GetByteCount(keyword + value) + 3;
        var length = rest + 1;
        while (rest + length.ToString(CultureInfo.InvariantCulture).Length != length)
        {
            length = rest + length.ToString(CultureInfo.InvariantCulture).Length;
        }

        return $"{length} {keyword}={value}\n";
    }
}
