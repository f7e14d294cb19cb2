using Pm.Cli.Output;
using Pm.Storage;

namespace Pm.Cli.Roots;

/// <summary>A change of one package in a word, and in a few.</summary>
static class ChangeText
{
    /// <summary><c>install</c>, <c>remove</c>, <c>update</c>, <c>downgrade</c>, <c>reinstall</c>, or what is only recorded.</summary>
    public static string Verb(PackageChange change) => change switch
    {
        { Old: null } => "install",
        { New: null } => "remove",
        { Old: { } old, New: { } to } when !change.ChangesFiles => Mark(old, to),
        { Old: { } old, New: { } to } => to.Id.Version.CompareTo(old.Id.Version) switch
        {
            > 0 => "update",
            < 0 => "downgrade",
            _ => "reinstall",
        },
        _ => "keep",
    };

    /// <summary><c>+foo 1.0</c>, <c>-bar 2.1</c>, <c>baz 1.0 -> 1.1</c>, <c>pin foo</c>.</summary>
    public static string Short(PackageChange change) => Hostile.OneLine(change switch
    {
        { Old: null, New: { } to } => $"+{to.Id.Name} {to.Id.Version}",
        { Old: { } old, New: null } => $"-{old.Id.Name} {old.Id.Version}",
        { Old: { } old, New: { } to } when change.ChangesFiles => $"{to.Id.Name} {old.Id.Version} -> {to.Id.Version}",
        _ => $"{Verb(change)} {change.Name}",
    });

    static string Mark(InstalledPackage old, InstalledPackage to) =>
        old.IsPinned != to.IsPinned ? (to.IsPinned ? "pin" : "unpin")
        : to.IsAsked ? "mark as asked for" : "mark as dependency";
}
