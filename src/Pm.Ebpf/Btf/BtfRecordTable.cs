using System.Collections.Immutable;
using Pm.Ebpf.Elf;

namespace Pm.Ebpf.Btf;

/// <summary>Reads one table of <c>.BTF.ext</c>: records of one size, below the names of sections.</summary>
static class BtfRecordTable
{
    /// <param name="head">Of the section.</param>
    /// <param name="at">Where in the head the table's place and length stand.</param>
    /// <param name="size">Bytes of a record that are known; newer compilers may write more.</param>
    /// <param name="types">Has the names.</param>
    /// <param name="read">Makes one of a section's name and its bytes.</param>
    public static ImmutableArray<T> Read<T>(BtfHead head, int at, int size, BtfFile types, Func<string, CheckedBytes, T> read)
    {
        var table = head.Body.Part(head.Word(at), head.Word(at + 4), "a table of the type information");
        if (table.Length == 0)
        {
            return [];
        }

        var step = table.Word(0);
        if (step < size || step > (uint)table.Length)
        {
            throw table.Wrong($"a record of the type information should have {size} bytes or more, got {step}");
        }

        var all = ImmutableArray.CreateBuilder<T>();
        long place = 4;
        for (var sections = 0; place < table.Length; sections++)
        {
            var section = types.Name(table.Word(place));
            var count = table.Word(place + 4);
            place += 8;
            if (count > BtfLimits.Records - all.Count || sections >= ElfLimits.Sections)
            {
                throw table.Wrong($"type information: at most {BtfLimits.Records} records for {ElfLimits.Sections} sections, got more");
            }

            for (; count > 0; count--, place += step)
            {
                all.Add(read(section, table.Part((ulong)place, step, "a record of the type information")));
            }
        }

        return all.DrainToImmutable();
    }
}
