namespace Pm.Ebpf.Notes;

/// <summary>The words for readings. Source: docs/formats/ebpf-notes.md.</summary>
public static class Readings
{
    static readonly (string Name, Reading Reading)[] Words = [("ip", Reading.Address), ("errno", Reading.Error), ("signal", Reading.Signal), ("time", Reading.Time), ("strings", Reading.Strings)];

    public static IReadOnlyList<Reading> All { get; } = [.. Words.Select(w => w.Reading)];

    /// <summary>Those that a flag can have: the others are none that somebody would type.</summary>
    public static IReadOnlyList<Reading> OfFlags { get; } = [Reading.Address, Reading.Signal];

    public static string NameOf(Reading reading) => Words.First(w => w.Reading == reading).Name;

    /// <summary>Null: there is none of that name.</summary>
    public static Reading? Find(string name) => Words.Where(w => w.Name == name).Select(w => (Reading?)w.Reading).FirstOrDefault();
}
