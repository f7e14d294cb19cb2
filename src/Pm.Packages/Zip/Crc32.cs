namespace Pm.Packages.Zip;

/// <summary>CRC-32 of ISO 3309 as zip uses it, four bytes at a time.</summary>
struct Crc32
{
    const uint Polynomial = 0xedb88320;
    const int Lanes = 4;
    static readonly uint[] Table = MakeTable();
    uint _state;

    public static uint Of(ReadOnlySpan<byte> data)
    {
        var crc = default(Crc32);
        crc.Append(data);
        return crc.Value;
    }

    public readonly uint Value => _state;

    public void Append(ReadOnlySpan<byte> data)
    {
        var table = Table;
        var state = ~_state;
        for (; data.Length >= Lanes; data = data[Lanes..])
        {
            state ^= System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(data);
            state = table[768 + (int)(state & 0xff)] ^ table[512 + (int)((state >> 8) & 0xff)]
                ^ table[256 + (int)((state >> 16) & 0xff)] ^ table[(int)(state >> 24)];
        }

        foreach (var value in data)
        {
            state = table[(int)((state ^ value) & 0xff)] ^ (state >> 8);
        }

        _state = ~state;
    }

    static uint[] MakeTable()
    {
        var table = new uint[256 * Lanes];
        for (var i = 0u; i < 256; i++)
        {
            var value = i;
            for (var bit = 0; bit < 8; bit++)
            {
                value = (value & 1) != 0 ? (value >> 1) ^ Polynomial : value >> 1;
            }

            table[i] = value;
        }

        for (var i = 256; i < table.Length; i++)
        {
            table[i] = (table[i - 256] >> 8) ^ table[(int)(table[i - 256] & 0xff)];
        }

        return table;
    }
}
