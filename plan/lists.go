package plan

import "strings"

// lists are the names that the rules of movement know, with what the
// configuration adds. An entry is a dotted name; one that starts with "*."
// matches the last part of any name.
type lists struct {
	harmlessDecorators []string
	annotationReaders  []string
	compiled           []string
	sideEffects        []string
	pinned             []string
}

func newLists(p Policy) lists {
	return lists{
		harmlessDecorators: append(append([]string(nil), harmlessDecorators...), p.HarmlessDecorators...),
		annotationReaders:  append(append([]string(nil), annotationReaders...), p.AnnotationReaders...),
		compiled:           append(append([]string(nil), compiledDecorators...), p.CompiledDecorators...),
		sideEffects:        append(append([]string(nil), sideEffectModules...), p.SideEffects...),
		pinned:             p.Keep,
	}
}

// harmlessDecorators neither call what they decorate while they decorate it,
// nor read its annotations.
var harmlessDecorators = []string{
	"property", "staticmethod", "classmethod", "*.setter", "*.getter", "*.deleter",
	"functools.lru_cache", "functools.cache", "functools.wraps", "functools.cached_property",
	"functools.total_ordering", "lru_cache", "cache", "wraps", "cached_property", "total_ordering",
	"abc.abstractmethod", "abstractmethod", "abc.abstractproperty", "abc.abstractclassmethod", "abc.abstractstaticmethod",
	"typing.overload", "overload", "typing.override", "override", "typing_extensions.overload", "typing_extensions.override",
	"typing.final", "final", "typing.no_type_check", "no_type_check", "typing.runtime_checkable", "runtime_checkable",
	"contextlib.contextmanager", "contextmanager", "contextlib.asynccontextmanager", "asynccontextmanager",
	"pytest.fixture", "fixture", "pytest.mark.*", "pytest_asyncio.fixture", "pytest.hookimpl", "hookimpl",
	"unittest.skip", "unittest.skipIf", "unittest.skipUnless", "unittest.expectedFailure",
	"unittest.mock.patch", "unittest.mock.patch.object", "unittest.mock.patch.dict", "unittest.mock.patch.multiple",
	"mock.patch", "mock.patch.object", "mock.patch.dict", "mock.patch.multiple", "patch", "patch.object", "patch.dict", "patch.multiple",
	"warnings.deprecated", "typing_extensions.deprecated", "deprecated",
	"enum.unique", "unique", "asyncio.coroutine", "types.coroutine", "reprlib.recursive_repr",
}

// keepers are decorators, and methods of objects that come from outside the tree
// or register what they are given, that keep what they decorate for later. They
// do not run it while they decorate it; they may read its annotations.
var keepers = []string{
	"click.*", "typer.*", "hypothesis.*", "mypy_extensions.*", "flask.*", "pluggy.*", "pytest.*", "invoke.task", "celery.*", "nox.*",
	"starlette.*", "fastapi.*", "sanic.*", "aiohttp.*", "bottle.*", "tornado.*", "django.*", "marshmallow.*", "wrapt.*", "attr.*", "attrs.*",
	"pydantic.*", "sqlalchemy.event.*", "discord.*", "anyio.*", "trio.*", "tenacity.*", "backoff.*", "deprecated.*", "typing_extensions.*",
	"*.route", "*.get", "*.post", "*.put", "*.delete", "*.patch", "*.head", "*.options", "*.websocket", "*.endpoint", "*.errorhandler",
	"*.app_errorhandler", "*.exception_handler", "*.middleware", "*.before_request", "*.after_request", "*.teardown_request",
	"*.before_app_request", "*.after_app_request", "*.teardown_appcontext", "*.context_processor", "*.app_context_processor", "*.template_filter",
	"*.template_global", "*.template_test", "*.app_template_filter", "*.url_value_preprocessor", "*.url_defaults", "*.shell_context_processor",
	"*.command", "*.group", "*.result_callback", "*.task", "*.shared_task", "*.periodic_task", "*.receiver", "*.listens_for", "*.on_event",
	"*.event", "*.handler", "*.subscribe", "*.register", "*.fixture",
}

// keepsForLater are further callees that store or wrap a function they are
// given, and do not run it.
var keepsForLater = []string{
	"functools.partial", "functools.partialmethod", "functools.update_wrapper", "partial", "isinstance", "issubclass", "callable", "id", "repr",
	"typing.cast", "typing.assert_type", "typing_extensions.assert_type", "typing.TypeVar", "codecs.register_error", "codecs.register",
	"signal.signal", "weakref.finalize", "weakref.ref", "copyreg.pickle", "types.MethodType", "*.append", "*.setdefault", "*.update", "*.add",
	"*.add_command", "*.add_url_rule", "*.add_argument", "*.add_parser", "*.set_defaults", "*.add_node", "*.connect", "*.register",
	"inspect.signature", "dataclasses.field", "field", "sqlalchemy.orm.scoped_session", "logging.StreamHandler", "pytest.param",
	"click.option", "click.argument", "click.Option", "click.Argument", "typer.Option", "typer.Argument", "hypothesis.strategies.*",
}

// annotationReaders evaluate the annotations of what they are given.
var annotationReaders = []string{
	"typing.get_type_hints", "get_type_hints", "typing_extensions.get_type_hints", "inspect.signature", "inspect.get_annotations",
	"functools.singledispatch", "singledispatch", "functools.singledispatchmethod", "singledispatchmethod", "*.register",
	"dataclasses.dataclass", "dataclass", "attr.s", "attr.attrs", "attrs.define", "attr.define", "pydantic.validate_call",
	"beartype.beartype", "typeguard.typechecked", "click.command", "typer.run",
}

// compiledDecorators consume the source or the code object of what they
// decorate.
var compiledDecorators = []string{
	"numba.jit", "numba.njit", "numba.vectorize", "numba.guvectorize", "numba.cfunc", "numba.stencil", "numba.cuda.jit", "numba.generated_jit",
	"jit", "njit", "jax.jit", "jax.pmap", "jax.vmap", "torch.jit.script", "torch.jit.trace", "torch.compile",
	"tensorflow.function", "tf.function", "triton.jit", "taichi.kernel", "ti.kernel", "ti.func", "cython.compile",
	"modal.function", "ray.remote", "*.remote", "dask.delayed", "pandas_udf", "pyspark.sql.functions.udf", "pyspark.sql.functions.pandas_udf",
	"inspect.getsource", "inspect.getsourcelines", "types.FunctionType", "FunctionType", "marshal.dumps", "cloudpickle.dumps", "dill.dumps",
}

// sideEffectModules change the process when imported.
var sideEffectModules = []string{
	"readline", "rlcompleter", "antigravity", "this", "site", "sitecustomize", "usercustomize", "faulthandler",
	"gevent.monkey", "eventlet", "matplotlib.pyplot", "seaborn", "pylab", "distutils", "setuptools", "pkg_resources",
	"ddtrace.auto", "newrelic.agent", "aws_xray_sdk.core", "encodings.idna", "lib2to3",
}

// importSystem are modules that importing itself runs on.
var importSystem = []string{
	"importlib", "importlib._bootstrap", "importlib._bootstrap_external", "importlib.machinery", "importlib.util", "importlib.abc",
	"_imp", "imp", "zipimport", "runpy", "pkgutil", "encodings", "codecs", "_frozen_importlib", "_frozen_importlib_external",
}

// matchName tells whether a dotted name is on the list. "?" is on none.
func matchName(list []string, name string) bool {
	for _, entry := range list {
		switch {
		case entry == name:
			return true
		case strings.HasPrefix(entry, "*."):
			if strings.HasSuffix(name, entry[1:]) {
				return true
			}
		case strings.HasSuffix(entry, ".*"):
			if strings.HasPrefix(name, entry[:len(entry)-1]) {
				return true
			}
		}
	}
	return false
}
