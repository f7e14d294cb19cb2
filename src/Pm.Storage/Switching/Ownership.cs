using Microsoft.Win32.SafeHandles;
using Pm.Linux;

namespace Pm.Storage.Switching;

/// <summary>Owners by name. Only root can give files away; for everybody else all files are their own.</summary>
static class Ownership
{
    const string Accounts = "/etc";

    public static void Apply(SafeFileHandle file, string? owner, string? group, string path)
    {
        if ((owner ?? group) is not null && SystemUser.EffectiveUserId == 0)
        {
            FilePermissions.SetOwner(file, UserId(owner, path), GroupId(group, path), path);
        }
    }

    public static void Apply(DirectoryHandle parent, string name, string? owner, string? group)
    {
        if ((owner ?? group) is not null && SystemUser.EffectiveUserId == 0)
        {
            var path = Path.Join(parent.Path, name);
            parent.SetOwner(name, UserId(owner, path), GroupId(group, path));
        }
    }

    public static bool Matches(FileStatus status, string? owner, string? group) =>
        (owner is null ? 0 : AccountDatabase.System.UserId(owner)) == status.Owner
        && (group is null ? 0 : AccountDatabase.System.GroupId(group)) == status.Group;

    // Read again when it is not there: a package's script may just have made it.
    static uint UserId(string? name, string path) => name is null
        ? 0
        : AccountDatabase.System.UserId(name) ?? AccountDatabase.Load(Accounts).UserId(name)
            ?? throw Unknown("user", name, path);

    static uint GroupId(string? name, string path) => name is null
        ? 0
        : AccountDatabase.System.GroupId(name) ?? AccountDatabase.Load(Accounts).GroupId(name)
            ?? throw Unknown("group", name, path);

    static StoreException Unknown(string what, string name, string path) =>
        new("PM4024", $"{path}: its {what} {name} does not exist on this machine", $"{(what == "user" ? "useradd" : "groupadd")} --system {name}");
}
