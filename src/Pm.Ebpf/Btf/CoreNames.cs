namespace Pm.Ebpf.Btf;

/// <summary>Names of types without their flavour: <c>task_struct___old</c> means <c>task_struct</c>. Source: bpf_core_essential_name_len of libbpf.</summary>
static class CoreNames
{
    public static ReadOnlySpan<byte> Essential(ReadOnlySpan<byte> name)
    {
        for (var at = name.Length - 5; at >= 0; at--)
        {
            if (name[at] != '_' && name[at + 1] == '_' && name[at + 2] == '_' && name[at + 3] == '_' && name[at + 4] != '_')
            {
                return name[..(at + 1)];
            }
        }

        return name;
    }

    public static bool AreAlike(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other) => Essential(one).SequenceEqual(Essential(other));

    public static bool AreAlike(string one, string other) =>
        Essential(System.Text.Encoding.UTF8.GetBytes(one)).SequenceEqual(Essential(System.Text.Encoding.UTF8.GetBytes(other)));
}
