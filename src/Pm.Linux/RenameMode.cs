namespace Pm.Linux;

/// <summary>What a rename does when the new name is taken. Source: renameat2(2).</summary>
public enum RenameMode
{
    /// <summary>The file there is replaced in one step.</summary>
    Replace = 0,

    /// <summary>The rename fails with EEXIST.</summary>
    NoReplace = 1,

    /// <summary>The two files change places in one step.</summary>
    Exchange = 2,
}
