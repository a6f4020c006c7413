package syntax

// A Kind says what a node is. The named kinds are the node names of
// tree-sitter-python, the Tok kinds its keywords and punctuation. The numbers
// are ours: they are mapped from the grammar's symbols by name at start-up, so
// a changed grammar cannot silently shift them.
type Kind uint16

// Other is any node this package gives no name, Damage an ERROR node.
const (
	Other Kind = iota
	Damage

	Identifier
	Ellipsis
	EscapeSequence
	TypeConversion
	Integer
	Float
	True
	False
	None
	Comment
	LineContinuation
	StringStart
	EscapeInterpolation
	StringEnd
	Module
	ImportStatement
	ImportPrefix
	RelativeImport
	FutureImportStatement
	ImportFromStatement
	AliasedImport
	WildcardImport
	PrintStatement
	Chevron
	AssertStatement
	ExpressionStatement
	NamedExpression
	ReturnStatement
	DeleteStatement
	RaiseStatement
	PassStatement
	BreakStatement
	ContinueStatement
	IfStatement
	ElifClause
	ElseClause
	MatchStatement
	Block
	CaseClause
	ForStatement
	WhileStatement
	TryStatement
	ExceptClause
	ExceptGroupClause
	FinallyClause
	WithStatement
	WithClause
	WithItem
	FunctionDefinition
	Parameters
	LambdaParameters
	ListSplat
	DictionarySplat
	GlobalStatement
	NonlocalStatement
	ExecStatement
	TypeAliasStatement
	ClassDefinition
	TypeParameter
	ParenthesizedListSplat
	ArgumentList
	DecoratedDefinition
	Decorator
	ExpressionList
	DottedName
	CasePattern
	AsPattern
	UnionPattern
	ListPattern
	TuplePattern
	DictPattern
	KeywordPattern
	SplatPattern
	ClassPattern
	ComplexPattern
	DefaultParameter
	TypedDefaultParameter
	ListSplatPattern
	DictionarySplatPattern
	NotOperator
	BooleanOperator
	BinaryOperator
	UnaryOperator
	ComparisonOperator
	Lambda
	Assignment
	AugmentedAssignment
	PatternList
	Yield
	Attribute
	Subscript
	Slice
	Call
	TypedParameter
	Type
	SplatType
	GenericType
	UnionType
	ConstrainedType
	MemberType
	KeywordArgument
	List
	Set
	Tuple
	Dictionary
	Pair
	ListComprehension
	DictionaryComprehension
	SetComprehension
	GeneratorExpression
	ParenthesizedExpression
	ForInClause
	IfClause
	ConditionalExpression
	ConcatenatedString
	String
	StringContent
	Interpolation
	FormatSpecifier
	Await
	PositionalSeparator
	KeywordSeparator
	AsPatternTarget
	FormatExpression

	TokSemicolon
	TokImport
	TokDot
	TokFrom
	TokFuture
	TokLParen
	TokRParen
	TokComma
	TokAs
	TokStar
	TokPrint
	TokShiftRight
	TokAssert
	TokColonEqual
	TokReturn
	TokDel
	TokRaise
	TokPass
	TokBreak
	TokContinue
	TokIf
	TokColon
	TokElif
	TokElse
	TokMatch
	TokCase
	TokAsync
	TokFor
	TokIn
	TokWhile
	TokTry
	TokExcept
	TokExceptStar
	TokFinally
	TokWith
	TokDef
	TokArrow
	TokDoubleStar
	TokGlobal
	TokNonlocal
	TokExec
	TokType
	TokEqual
	TokClass
	TokLBracket
	TokRBracket
	TokAt
	TokMinus
	TokUnderscore
	TokPipe
	TokLBrace
	TokRBrace
	TokPlus
	TokNot
	TokAnd
	TokOr
	TokSlash
	TokPercent
	TokDoubleSlash
	TokAmpersand
	TokCaret
	TokShiftLeft
	TokTilde
	TokIs
	TokLess
	TokLessEqual
	TokEqualEqual
	TokNotEqual
	TokGreaterEqual
	TokGreater
	TokLessGreater
	TokLambda
	TokPlusEqual
	TokMinusEqual
	TokStarEqual
	TokSlashEqual
	TokAtEqual
	TokDoubleSlashEqual
	TokPercentEqual
	TokDoubleStarEqual
	TokShiftRightEqual
	TokShiftLeftEqual
	TokAmpersandEqual
	TokCaretEqual
	TokPipeEqual
	TokYield
	TokBackslash
	TokAwait
	TokNotIn
	TokIsNot
	kindCount
)

// A Field is the role of a node in its parent; NoField for most.
type Field uint8

const (
	NoField Field = iota
	FieldAlias
	FieldAlternative
	FieldArgument
	FieldArguments
	FieldAttribute
	FieldBody
	FieldCause
	FieldCode
	FieldCondition
	FieldConsequence
	FieldDefinition
	FieldExpression
	FieldFormatSpecifier
	FieldFunction
	FieldGuard
	FieldKey
	FieldLeft
	FieldModuleName
	FieldName
	FieldObject
	FieldOperator
	FieldOperators
	FieldParameters
	FieldReturnType
	FieldRight
	FieldSubject
	FieldSubscript
	FieldSuperclasses
	FieldType
	FieldTypeConversion
	FieldTypeParameters
	FieldValue
	fieldCount
)

// kindNames spells every kind as the grammar does. Named nodes and tokens can
// share a spelling ("lambda"), hence the flag.
var kindNames = [kindCount]struct {
	name  string
	named bool
}{
	Identifier:              {"identifier", true},
	Ellipsis:                {"ellipsis", true},
	EscapeSequence:          {"escape_sequence", true},
	TypeConversion:          {"type_conversion", true},
	Integer:                 {"integer", true},
	Float:                   {"float", true},
	True:                    {"true", true},
	False:                   {"false", true},
	None:                    {"none", true},
	Comment:                 {"comment", true},
	LineContinuation:        {"line_continuation", true},
	StringStart:             {"string_start", true},
	EscapeInterpolation:     {"escape_interpolation", true},
	StringEnd:               {"string_end", true},
	Module:                  {"module", true},
	ImportStatement:         {"import_statement", true},
	ImportPrefix:            {"import_prefix", true},
	RelativeImport:          {"relative_import", true},
	FutureImportStatement:   {"future_import_statement", true},
	ImportFromStatement:     {"import_from_statement", true},
	AliasedImport:           {"aliased_import", true},
	WildcardImport:          {"wildcard_import", true},
	PrintStatement:          {"print_statement", true},
	Chevron:                 {"chevron", true},
	AssertStatement:         {"assert_statement", true},
	ExpressionStatement:     {"expression_statement", true},
	NamedExpression:         {"named_expression", true},
	ReturnStatement:         {"return_statement", true},
	DeleteStatement:         {"delete_statement", true},
	RaiseStatement:          {"raise_statement", true},
	PassStatement:           {"pass_statement", true},
	BreakStatement:          {"break_statement", true},
	ContinueStatement:       {"continue_statement", true},
	IfStatement:             {"if_statement", true},
	ElifClause:              {"elif_clause", true},
	ElseClause:              {"else_clause", true},
	MatchStatement:          {"match_statement", true},
	Block:                   {"block", true},
	CaseClause:              {"case_clause", true},
	ForStatement:            {"for_statement", true},
	WhileStatement:          {"while_statement", true},
	TryStatement:            {"try_statement", true},
	ExceptClause:            {"except_clause", true},
	ExceptGroupClause:       {"except_group_clause", true},
	FinallyClause:           {"finally_clause", true},
	WithStatement:           {"with_statement", true},
	WithClause:              {"with_clause", true},
	WithItem:                {"with_item", true},
	FunctionDefinition:      {"function_definition", true},
	Parameters:              {"parameters", true},
	LambdaParameters:        {"lambda_parameters", true},
	ListSplat:               {"list_splat", true},
	DictionarySplat:         {"dictionary_splat", true},
	GlobalStatement:         {"global_statement", true},
	NonlocalStatement:       {"nonlocal_statement", true},
	ExecStatement:           {"exec_statement", true},
	TypeAliasStatement:      {"type_alias_statement", true},
	ClassDefinition:         {"class_definition", true},
	TypeParameter:           {"type_parameter", true},
	ParenthesizedListSplat:  {"parenthesized_list_splat", true},
	ArgumentList:            {"argument_list", true},
	DecoratedDefinition:     {"decorated_definition", true},
	Decorator:               {"decorator", true},
	ExpressionList:          {"expression_list", true},
	DottedName:              {"dotted_name", true},
	CasePattern:             {"case_pattern", true},
	AsPattern:               {"as_pattern", true},
	UnionPattern:            {"union_pattern", true},
	ListPattern:             {"list_pattern", true},
	TuplePattern:            {"tuple_pattern", true},
	DictPattern:             {"dict_pattern", true},
	KeywordPattern:          {"keyword_pattern", true},
	SplatPattern:            {"splat_pattern", true},
	ClassPattern:            {"class_pattern", true},
	ComplexPattern:          {"complex_pattern", true},
	DefaultParameter:        {"default_parameter", true},
	TypedDefaultParameter:   {"typed_default_parameter", true},
	ListSplatPattern:        {"list_splat_pattern", true},
	DictionarySplatPattern:  {"dictionary_splat_pattern", true},
	NotOperator:             {"not_operator", true},
	BooleanOperator:         {"boolean_operator", true},
	BinaryOperator:          {"binary_operator", true},
	UnaryOperator:           {"unary_operator", true},
	ComparisonOperator:      {"comparison_operator", true},
	Lambda:                  {"lambda", true},
	Assignment:              {"assignment", true},
	AugmentedAssignment:     {"augmented_assignment", true},
	PatternList:             {"pattern_list", true},
	Yield:                   {"yield", true},
	Attribute:               {"attribute", true},
	Subscript:               {"subscript", true},
	Slice:                   {"slice", true},
	Call:                    {"call", true},
	TypedParameter:          {"typed_parameter", true},
	Type:                    {"type", true},
	SplatType:               {"splat_type", true},
	GenericType:             {"generic_type", true},
	UnionType:               {"union_type", true},
	ConstrainedType:         {"constrained_type", true},
	MemberType:              {"member_type", true},
	KeywordArgument:         {"keyword_argument", true},
	List:                    {"list", true},
	Set:                     {"set", true},
	Tuple:                   {"tuple", true},
	Dictionary:              {"dictionary", true},
	Pair:                    {"pair", true},
	ListComprehension:       {"list_comprehension", true},
	DictionaryComprehension: {"dictionary_comprehension", true},
	SetComprehension:        {"set_comprehension", true},
	GeneratorExpression:     {"generator_expression", true},
	ParenthesizedExpression: {"parenthesized_expression", true},
	ForInClause:             {"for_in_clause", true},
	IfClause:                {"if_clause", true},
	ConditionalExpression:   {"conditional_expression", true},
	ConcatenatedString:      {"concatenated_string", true},
	String:                  {"string", true},
	StringContent:           {"string_content", true},
	Interpolation:           {"interpolation", true},
	FormatSpecifier:         {"format_specifier", true},
	Await:                   {"await", true},
	PositionalSeparator:     {"positional_separator", true},
	KeywordSeparator:        {"keyword_separator", true},
	AsPatternTarget:         {"as_pattern_target", true},
	FormatExpression:        {"format_expression", true},
	TokSemicolon:            {";", false},
	TokImport:               {"import", false},
	TokDot:                  {".", false},
	TokFrom:                 {"from", false},
	TokFuture:               {"__future__", false},
	TokLParen:               {"(", false},
	TokRParen:               {")", false},
	TokComma:                {",", false},
	TokAs:                   {"as", false},
	TokStar:                 {"*", false},
	TokPrint:                {"print", false},
	TokShiftRight:           {">>", false},
	TokAssert:               {"assert", false},
	TokColonEqual:           {":=", false},
	TokReturn:               {"return", false},
	TokDel:                  {"del", false},
	TokRaise:                {"raise", false},
	TokPass:                 {"pass", false},
	TokBreak:                {"break", false},
	TokContinue:             {"continue", false},
	TokIf:                   {"if", false},
	TokColon:                {":", false},
	TokElif:                 {"elif", false},
	TokElse:                 {"else", false},
	TokMatch:                {"match", false},
	TokCase:                 {"case", false},
	TokAsync:                {"async", false},
	TokFor:                  {"for", false},
	TokIn:                   {"in", false},
	TokWhile:                {"while", false},
	TokTry:                  {"try", false},
	TokExcept:               {"except", false},
	TokExceptStar:           {"except*", false},
	TokFinally:              {"finally", false},
	TokWith:                 {"with", false},
	TokDef:                  {"def", false},
	TokArrow:                {"->", false},
	TokDoubleStar:           {"**", false},
	TokGlobal:               {"global", false},
	TokNonlocal:             {"nonlocal", false},
	TokExec:                 {"exec", false},
	TokType:                 {"type", false},
	TokEqual:                {"=", false},
	TokClass:                {"class", false},
	TokLBracket:             {"[", false},
	TokRBracket:             {"]", false},
	TokAt:                   {"@", false},
	TokMinus:                {"-", false},
	TokUnderscore:           {"_", false},
	TokPipe:                 {"|", false},
	TokLBrace:               {"{", false},
	TokRBrace:               {"}", false},
	TokPlus:                 {"+", false},
	TokNot:                  {"not", false},
	TokAnd:                  {"and", false},
	TokOr:                   {"or", false},
	TokSlash:                {"/", false},
	TokPercent:              {"%", false},
	TokDoubleSlash:          {"//", false},
	TokAmpersand:            {"&", false},
	TokCaret:                {"^", false},
	TokShiftLeft:            {"<<", false},
	TokTilde:                {"~", false},
	TokIs:                   {"is", false},
	TokLess:                 {"<", false},
	TokLessEqual:            {"<=", false},
	TokEqualEqual:           {"==", false},
	TokNotEqual:             {"!=", false},
	TokGreaterEqual:         {">=", false},
	TokGreater:              {">", false},
	TokLessGreater:          {"<>", false},
	TokLambda:               {"lambda", false},
	TokPlusEqual:            {"+=", false},
	TokMinusEqual:           {"-=", false},
	TokStarEqual:            {"*=", false},
	TokSlashEqual:           {"/=", false},
	TokAtEqual:              {"@=", false},
	TokDoubleSlashEqual:     {"//=", false},
	TokPercentEqual:         {"%=", false},
	TokDoubleStarEqual:      {"**=", false},
	TokShiftRightEqual:      {">>=", false},
	TokShiftLeftEqual:       {"<<=", false},
	TokAmpersandEqual:       {"&=", false},
	TokCaretEqual:           {"^=", false},
	TokPipeEqual:            {"|=", false},
	TokYield:                {"yield", false},
	TokBackslash:            {"\\", false},
	TokAwait:                {"await", false},
	TokNotIn:                {"not in", false},
	TokIsNot:                {"is not", false},
}

var fieldNames = [fieldCount]string{
	FieldAlias:           "alias",
	FieldAlternative:     "alternative",
	FieldArgument:        "argument",
	FieldArguments:       "arguments",
	FieldAttribute:       "attribute",
	FieldBody:            "body",
	FieldCause:           "cause",
	FieldCode:            "code",
	FieldCondition:       "condition",
	FieldConsequence:     "consequence",
	FieldDefinition:      "definition",
	FieldExpression:      "expression",
	FieldFormatSpecifier: "format_specifier",
	FieldFunction:        "function",
	FieldGuard:           "guard",
	FieldKey:             "key",
	FieldLeft:            "left",
	FieldModuleName:      "module_name",
	FieldName:            "name",
	FieldObject:          "object",
	FieldOperator:        "operator",
	FieldOperators:       "operators",
	FieldParameters:      "parameters",
	FieldReturnType:      "return_type",
	FieldRight:           "right",
	FieldSubject:         "subject",
	FieldSubscript:       "subscript",
	FieldSuperclasses:    "superclasses",
	FieldType:            "type",
	FieldTypeConversion:  "type_conversion",
	FieldTypeParameters:  "type_parameters",
	FieldValue:           "value",
}

// String gives the grammar's spelling.
func (k Kind) String() string {
	switch {
	case k == Damage:
		return "ERROR"
	case k == Other || k >= kindCount:
		return "other"
	}
	return kindNames[k].name
}
